package io.pacioli.ledger.gateway.stream;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where some entries of a shard are known to be in its partition; thinned out when there are too many. Thread safe. */
final class OffsetIndex {
    static final int PLACES_MAX = 1_024;

    private final TreeMap<Long, Long> offsets = new TreeMap<>();

    /** Where an entry is: its sequence and its record's offset. */
    record Place(long sequence, long offset) {}

    synchronized void add(Place place) {
        offsets.put(place.sequence(), place.offset());
        if (offsets.size() > PLACES_MAX) {
            thinOut();
        }
    }

    /** The last known place up to and with a sequence; null when none is. */
    synchronized @Nullable Place atOrBefore(long sequence) {
        return place(offsets.floorEntry(sequence));
    }

    /** The first known place from a sequence on; null when none is. */
    synchronized @Nullable Place atOrAfter(long sequence) {
        return place(offsets.ceilingEntry(sequence));
    }

    synchronized int size() {
        return offsets.size();
    }

    private void thinOut() {
        Iterator<Long> all = offsets.keySet().iterator();
        while (all.hasNext()) {
            all.next();
            if (all.hasNext()) {
                all.next();
                all.remove();
            }
        }
    }

    private static @Nullable Place place(Map.@Nullable Entry<Long, Long> entry) {
        return entry == null ? null : new Place(entry.getKey(), entry.getValue());
    }
}
