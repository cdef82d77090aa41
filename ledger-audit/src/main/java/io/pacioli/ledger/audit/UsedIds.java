package io.pacioli.ledger.audit;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Tells when a command's id was decided on another shard lately. Of fixed size: what is met at all is met within the last million ids or
 * so, and as the shards are read in step that is within the time that they took. Thread safe.
 */
final class UsedIds {
    private static final int SLOTS = 1 << 21;
    private static final int SHARD_BITS = 10;
    private static final long SHARD_MASK = (1L << SHARD_BITS) - 1;

    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    /** Notes an id by its hash, and tells another shard that it was used on lately; -1 when there is none. */
    int use(long hash, int shard) {
        long tag = hash & ~SHARD_MASK;
        int slot = (int) (hash >>> SHARD_BITS) & SLOTS - 1;
        long before = slots.getAndSet(slot, tag | shard);
        boolean isSame = before != 0 && (before & ~SHARD_MASK) == tag;
        int other = (int) (before & SHARD_MASK);
        return isSame && other != shard ? other : -1;
    }
}
