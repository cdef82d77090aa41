/**
 * Streams of changes over HTTP (Server-Sent Events), served straight from the journal.
 *
 * <p>One {@link io.pacioli.ledger.gateway.stream.JournalTail} for the process reads the shards that somebody watches and keeps the
 * recent entries of each. A stream has a position in every shard that concerns it and nothing else: it takes what comes after that
 * from the recent entries, and from the journal itself ({@link io.pacioli.ledger.gateway.stream.CatchUp}) when they do not reach back
 * that far, because the client was away for long or reads slowly. As both are asked by sequence, there is no gap and no double
 * between them.
 */
@NullMarked
package io.pacioli.ledger.gateway.stream;

import org.jspecify.annotations.NullMarked;
