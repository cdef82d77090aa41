package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is published and signed of a shard now and then, so that nobody can write its past anew: whoever changes an entry and recomputes all
 * hashes behind it contradicts the next checkpoint.
 *
 * @param position the last entry that it covers
 * @param number of the checkpoint in its shard, gapless from 1
 * @param offset where that entry stands in its partition of the journal
 * @param atMillis the entry's time
 * @param hash the entry's hash, which vouches for all before it
 * @param books what clients' accounts of the shard have in total there, by asset, in minor units; assets of which they have nothing are
 *     left out
 * @param previous the hash of the whole record of the checkpoint before; zeros for the first
 * @param keyId of the key that has signed it, see {@link PublicKeys}
 */
public record Checkpoint(
        Position position,
        long number,
        long offset,
        long atMillis,
        Hash hash,
        SortedMap<String, BigInteger> books,
        Hash previous,
        String keyId) {
    /** Copies the map. */
    public Checkpoint {
        books = Collections.unmodifiableSortedMap(new TreeMap<>(books));
    }
}
