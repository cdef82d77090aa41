package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.util.Map;

/**
 * What was once published of a shard, so that nobody can write its past anew: whoever changes an entry and recomputes all hashes behind it
 * contradicts the next checkpoint.
 *
 * @param position the last entry that it covers
 * @param hash of that entry
 * @param books what clients' accounts of the shard had in total there, by asset, in minor units; empty when it says nothing about it
 */
public record Checkpoint(Position position, Hash hash, Map<String, BigInteger> books) {
    /** Copies the map. */
    public Checkpoint {
        books = Map.copyOf(books);
    }
}
