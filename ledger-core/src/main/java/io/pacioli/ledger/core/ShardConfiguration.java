package io.pacioli.ledger.core;

/**
 * What decisions on a shard depend on besides its state; journaled, so that a replay decides alike.
 *
 * @param shards number of shards of the ledger, 1 to 1000, fixed when the ledger is created
 * @param idempotencyWindowMillis how long a command id is remembered, in milliseconds, at least 1
 * @param idempotencyEntriesMax how many journal entries back a command id is remembered at most, at least 1
 */
public record ShardConfiguration(int shards, long idempotencyWindowMillis, long idempotencyEntriesMax) {
    /** Most shards of a ledger. */
    public static final int SHARDS_MAX = 1_000;

    /** @throws MalformedException when a number is out of its range */
    public ShardConfiguration {
        if (shards < 1 || shards > SHARDS_MAX) {
            throw new MalformedException("shards", "must be 1 to " + SHARDS_MAX, Integer.toString(shards));
        }
        if (idempotencyWindowMillis < 1) {
            throw new MalformedException(
                    "idempotencyWindowMillis", "must be at least 1", Long.toString(idempotencyWindowMillis));
        }
        if (idempotencyEntriesMax < 1) {
            throw new MalformedException(
                    "idempotencyEntriesMax", "must be at least 1", Long.toString(idempotencyEntriesMax));
        }
    }
}
