package io.pacioli.ledger.core;

/**
 * Places routing keys on shards. Must be a pure function of the key, equal to the partitioner that producers use.
 * Implementations are thread safe.
 */
public interface Router {
    /** The number of shards, 1 to 1000, fixed when the ledger is created. */
    int shards();

    /** The shard, 0 to {@code shards() - 1}, of a routing key, see {@link AccountId#routingKey}. */
    int shardOfKey(String routingKey);

    /** The shard that an account lives on. */
    default int shardOf(String account) {
        return shardOfKey(AccountId.routingKey(account));
    }
}
