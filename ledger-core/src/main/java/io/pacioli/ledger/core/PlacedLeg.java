package io.pacioli.ledger.core;

/**
 * A leg of a transaction with the shards that its accounts live on.
 *
 * @param index its place in the transaction, from 0
 * @param leg the movement
 * @param fromShard the payer's
 * @param toShard the payee's
 */
public record PlacedLeg(int index, Leg leg, int fromShard, int toShard) {
    /** Whether one of its accounts lives on the shard. */
    public boolean touches(int shard) {
        return fromShard == shard || toShard == shard;
    }
}
