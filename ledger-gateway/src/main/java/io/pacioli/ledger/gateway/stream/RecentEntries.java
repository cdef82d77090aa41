package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.core.Invariant;
import org.jspecify.annotations.Nullable;

/**
 * The last entries of a shard, gapless, as many as there is room for and one at least. Not thread safe.
 *
 * <p>As sequences have no gaps, an entry's place in the ring is its sequence modulo the ring's size.
 */
final class RecentEntries {
    private static final int RING_MIN = 64;
    private static final int RING_MAX = 1 << 14;
    private static final int WEIGHT_USUAL = 1_024;

    private final @Nullable RecentEntry[] ring;
    private final long weightMax;
    private long weight;
    private long first = 1;
    private long last;

    /** @param weightMax about how many bytes they may take on the heap */
    RecentEntries(long weightMax) {
        this.weightMax = weightMax;
        ring = new RecentEntry[Math.clamp(Long.highestOneBit(weightMax / WEIGHT_USUAL), RING_MIN, RING_MAX)];
    }

    boolean isEmpty() {
        return last < first;
    }

    /** The sequence of the first; one above {@link #last()} when there is none. */
    long first() {
        return first;
    }

    /** The sequence of the last; 0 when there has been none. */
    long last() {
        return last;
    }

    /** Adds the entry that follows the last one, and drops those at the beginning that there is no room for. */
    void add(RecentEntry entry) {
        if (isEmpty()) {
            first = entry.sequence();
        } else {
            Invariant.check(entry.sequence() == last + 1, "must follow ", last, ": sequence=", entry.sequence());
            if (last + 1 - first == ring.length) {
                dropFirst();
            }
        }
        last = entry.sequence();
        ring[slot(last)] = entry;
        weight += entry.weight();
        while (weight > weightMax && first < last) {
            dropFirst();
        }
    }

    /** One that is there. */
    RecentEntry get(long sequence) {
        Invariant.check(sequence >= first && sequence <= last, "must be among the recent: sequence=", sequence);
        return Invariant.present(ring[slot(sequence)], "a recent entry must be in the ring");
    }

    private void dropFirst() {
        weight -= get(first).weight();
        ring[slot(first)] = null;
        first++;
    }

    private int slot(long sequence) {
        return (int) (sequence & (ring.length - 1));
    }
}
