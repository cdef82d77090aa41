package io.pacioli.ledger.processor;

/**
 * How many accounts are kept in the heap, so that deciding need not read them from the store.
 *
 * @param decodedMax most that are kept as objects, 1 or more: those that were used last
 * @param packedBytesMax most memory for those that were used before, kept as bytes, 0 or more; a shard with less than 0.7 MiB has none
 */
public record AccountCache(int decodedMax, long packedBytesMax) {
    /**
     * Enough for those that are used all the time. More of them save little over reading their bytes, and cost the garbage collector much:
     * each is replaced by a new object when it changes, and lives too long to die young.
     */
    public static final int DECODED_MAX = 20_000;

    /** Of the heap, for packed accounts: one in that many. */
    private static final int PACKED_PART = 4;

    /** @throws IllegalArgumentException when a number is out of its range */
    public AccountCache {
        if (decodedMax < 1 || packedBytesMax < 0) {
            throw new IllegalArgumentException(
                    "must be at least 1 and 0: decodedMax=" + decodedMax + " packedBytesMax=" + packedBytesMax);
        }
    }

    /** {@link #DECODED_MAX} decoded, and a quarter of the heap for packed ones. */
    public static AccountCache ofHeap() {
        return new AccountCache(DECODED_MAX, Runtime.getRuntime().maxMemory() / PACKED_PART);
    }

    /** What one of so many shards has of this. */
    AccountCache ofShard(int shards) {
        return new AccountCache(Math.max(1, decodedMax / shards), packedBytesMax / shards);
    }
}
