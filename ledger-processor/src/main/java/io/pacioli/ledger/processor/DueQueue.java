package io.pacioli.ledger.processor;

import io.pacioli.ledger.core.Due;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What falls due on a shard, by time: in the store, with what has changed since the last flush in memory. Not thread safe.
 *
 * <p>The first is asked for with every input, so the first ones of the store are in memory too. The store is read on from where it was
 * read to, and only when they are gone: it keeps what was deleted for a while, and would pass over all of it at every look.
 */
final class DueQueue {
    /** How many are read from the store at a time. */
    static final int READ_MAX = 1_000;

    private static final byte[] PRESENT = {1};

    private final KeyValueStore<byte[], byte[]> store;

    /** All that are stored with a key below {@link #readTo} and were not removed since. */
    private final TreeSet<Due> stored = new TreeSet<>();

    private final TreeSet<Due> added = new TreeSet<>();
    private final Set<Due> removed = new HashSet<>();
    private byte[] readTo = StateKeys.DUE_FROM;

    DueQueue(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /** What falls due first, or null when nothing will. */
    @Nullable
    Due first() {
        if (stored.isEmpty() && isBelow(readTo, StateKeys.DUE_TO)) {
            readOn();
        }
        if (stored.isEmpty() || added.isEmpty()) {
            return first(stored.isEmpty() ? added : stored);
        }
        return stored.first().compareTo(added.first()) < 0 ? stored.first() : added.first();
    }

    void add(Due due) {
        removed.remove(due);
        added.add(due);
    }

    void remove(Due due) {
        boolean isNew = added.remove(due);
        stored.remove(due);
        if (!isNew || store.get(StateKeys.due(due)) != null) {
            removed.add(due);
        }
    }

    /** Adds what has changed to what is to be written, and takes it for written. */
    void flush(List<KeyValue<byte[], byte @Nullable []>> changes) {
        for (Due due : removed) {
            changes.add(KeyValue.pair(StateKeys.due(due), null));
        }
        for (Due due : added) {
            byte[] key = StateKeys.due(due);
            changes.add(KeyValue.pair(key, PRESENT));
            if (isBelow(key, readTo)) {
                stored.add(due);
            }
        }
        removed.clear();
        added.clear();
        if (stored.size() > 2 * READ_MAX) {
            forgetLast();
        }
    }

    private void readOn() {
        try (KeyValueIterator<byte[], byte[]> next = store.range(readTo, StateKeys.DUE_TO)) {
            while (stored.size() < READ_MAX && next.hasNext()) {
                byte[] key = next.next().key;
                Due due = StateKeys.due(key);
                if (!removed.contains(due)) {
                    stored.add(due);
                }
                readTo = StateKeys.after(key);
            }
            if (!next.hasNext()) {
                readTo = StateKeys.DUE_TO;
            }
        }
    }

    /** Leaves the last ones of those in memory to the store, which has them. */
    private void forgetLast() {
        while (stored.size() > READ_MAX) {
            stored.removeLast();
        }
        readTo = StateKeys.after(StateKeys.due(stored.last()));
    }

    private static @Nullable Due first(SortedSet<Due> due) {
        return due.isEmpty() ? null : due.first();
    }

    private static boolean isBelow(byte[] key, byte[] other) {
        return Arrays.compareUnsigned(key, other) < 0;
    }
}
