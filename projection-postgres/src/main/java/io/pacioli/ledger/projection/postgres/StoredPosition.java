package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.Hash;

/**
 * How far the store has got with a shard's journal.
 *
 * @param shard its number
 * @param sequence of the last entry that the store holds; 0 for none
 * @param nextOffset where to read on in the journal topic; {@link #BEGINNING} when the store holds nothing
 * @param hash of that last entry, to which the next one must be chained
 */
record StoredPosition(int shard, long sequence, long nextOffset, Hash hash) {
    /** Stands for the first offset that the topic has. */
    static final long BEGINNING = -1;

    /** The position of a shard that the store knows nothing of. */
    static StoredPosition none(int shard) {
        return new StoredPosition(shard, 0, BEGINNING, Hash.ZERO);
    }
}
