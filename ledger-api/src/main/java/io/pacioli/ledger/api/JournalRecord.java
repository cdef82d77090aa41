package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Entry;

/**
 * A record of the journal, decoded.
 *
 * @param entry what happened
 * @param previous the hash of the entry before it in its shard; zeros for the first
 * @param hash the hash that the record claims; see {@link JournalCodec#isIntact}
 */
public record JournalRecord(Entry entry, Hash previous, Hash hash) {}
