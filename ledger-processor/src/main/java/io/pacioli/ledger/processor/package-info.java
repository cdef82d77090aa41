/**
 * The Kafka Streams shell around the core: it reads commands and messages between shards, asks {@link
 * io.pacioli.ledger.core.Ledger} what they lead to, keeps the state, and writes the journal, all in one Kafka transaction. No rule
 * of the ledger is in here.
 */
@NullMarked
package io.pacioli.ledger.processor;

import org.jspecify.annotations.NullMarked;
