package io.pacioli.ledger.gateway.stream;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Who watches one view of one shard, and which of the shard's recent entries concern it: their sequences, up to a bound the last of
 * them. Not thread safe.
 *
 * <p>All who watch the same share it, so that an entry costs the same however many they are, and a slow one costs nothing.
 */
final class Channel {
    private static final int RING_MIN = 16;
    private static final int RING_MAX = 1_024;

    private final Set<Signal> watchers = new HashSet<>();
    private long[] ring = new long[RING_MIN];
    private long completeAfter;
    private long added;

    /** @param last the sequence from which on it will be told of everything */
    Channel(long last) {
        completeAfter = last;
    }

    Set<Signal> watchers() {
        return watchers;
    }

    /** It has every entry of its view with a sequence above this. */
    long completeAfter() {
        return completeAfter;
    }

    /** Notes an entry that concerns the view; sequences must ascend. */
    void add(long sequence) {
        if (added == ring.length && ring.length < RING_MAX) {
            ring = Arrays.copyOf(ring, 2 * ring.length);
        } else if (added >= ring.length) {
            completeAfter = at(added - ring.length);
        }
        ring[(int) (added % ring.length)] = sequence;
        added++;
    }

    /** The sequences above one that is not below {@link #completeAfter()}, ascending, the first {@code max} of them. */
    long[] after(long sequence, int max) {
        long low = Math.max(0, added - ring.length);
        long high = added;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle) > sequence) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        long[] found = new long[(int) Math.min(max, added - low)];
        for (int i = 0; i < found.length; i++) {
            found[i] = at(low + i);
        }
        return found;
    }

    private long at(long number) {
        return ring[(int) (number % ring.length)];
    }
}
