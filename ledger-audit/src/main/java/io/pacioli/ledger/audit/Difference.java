package io.pacioli.ledger.audit;

import java.math.BigInteger;

/**
 * Something that a store does not hold as the journal says.
 *
 * @param source the store
 * @param shard the shard
 * @param what the account, asset and bucket, or the position of the shard
 * @param expected what the journal says, in minor units, or the sequence
 * @param found what the store holds, in minor units, or the sequence
 */
public record Difference(String source, int shard, String what, BigInteger expected, BigInteger found) {
    /** One line. */
    @Override
    public String toString() {
        return source + ", shard " + shard + ": " + what + ": expected " + expected + ", found " + found;
    }
}
