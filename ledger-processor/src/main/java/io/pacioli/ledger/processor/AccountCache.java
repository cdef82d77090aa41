package io.pacioli.ledger.processor;

/**
 * How many accounts are kept in the heap, so that deciding need not read them from the store.
 *
 * @param decodedMax most that are kept as objects, 1 or more: those that were used last
 * @param packedBytesMax most memory for those that were used before, kept as bytes, 0 or more; a shard with less than 0.7 MiB has none
 */
public record AccountCache(int decodedMax, long packedBytesMax) {
    /** What an account with one asset takes on the heap at most, in bytes, its place in the cache included. */
    private static final int DECODED_BYTES = 512;

    /** Of the heap, for either: one in that many. */
    private static final int HEAP_PART = 8;

    /** @throws IllegalArgumentException when a number is out of its range */
    public AccountCache {
        if (decodedMax < 1 || packedBytesMax < 0) {
            throw new IllegalArgumentException(
                    "must be at least 1 and 0: decodedMax=" + decodedMax + " packedBytesMax=" + packedBytesMax);
        }
    }

    /** An eighth of the heap for either; decoded are as many as it holds when each has one asset: some with many take more than their share. */
    public static AccountCache ofHeap() {
        long part = Runtime.getRuntime().maxMemory() / HEAP_PART;
        return new AccountCache((int) Math.min(Integer.MAX_VALUE, part / DECODED_BYTES), part);
    }

    /** What one of so many shards has of this. */
    AccountCache ofShard(int shards) {
        return new AccountCache(Math.max(1, decodedMax / shards), packedBytesMax / shards);
    }
}
