package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Entry;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A shard's figures by hour and day in a few numbers for each day on which something happened, by which a copy of them is compared. Not
 * thread safe.
 */
final class FigureDigest {
    private final int shard;
    private final KeyedHash hash;
    private final FigureFold fold;
    private final NavigableMap<Long, Day> days = new TreeMap<>();

    /**
     * A day.
     *
     * @param firstSequence of its first entry
     * @param offset of that in the journal
     * @param digest of its rows; of the last day it is not known yet
     */
    record Day(long firstSequence, long offset, long digest) {}

    FigureDigest(int shard, KeyedHash hash) {
        this.shard = shard;
        this.hash = hash;
        fold = new FigureFold(shard, hash);
    }

    void add(Entry entry, long offset) {
        long day = FigureFold.dayOf(entry.atMillis());
        if (day != fold.dayMillis()) {
            settle();
            days.put(day, new Day(entry.sequence(), offset, 0));
        }
        fold.add(entry);
    }

    private void settle() {
        days.computeIfPresent(
                fold.dayMillis(), (day, open) -> new Day(open.firstSequence(), open.offset(), digestOfLast()));
    }

    private long digestOfLast() {
        long[] digest = new long[1];
        fold.forEachRow(row -> digest[0] += HistoryDigest.digest(row, hash));
        return digest[0];
    }

    /** The days, by when they start. */
    NavigableMap<Long, Day> days() {
        settle();
        return days;
    }

    /** When the day starts that an entry is of; with no such day, the least number there is. */
    long startOf(long sequence) {
        long start = Long.MIN_VALUE;
        for (Map.Entry<Long, Day> day : days.entrySet()) {
            if (day.getValue().firstSequence() <= sequence) {
                start = day.getKey();
            }
        }
        return start;
    }

    /** The last entry of a day, of a shard with so many entries. */
    long lastSequence(long day, long entries) {
        Map.@Nullable Entry<Long, Day> next = days.higherEntry(day);
        return next == null ? entries : next.getValue().firstSequence() - 1;
    }

    /** To count one day of the shard again. */
    FigureFold again() {
        return new FigureFold(shard, hash);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(days.size());
        for (Map.Entry<Long, Day> day : days.entrySet()) {
            out.writeLong(day.getKey());
            out.writeLong(day.getValue().firstSequence());
            out.writeLong(day.getValue().offset());
            out.writeLong(day.getValue().digest());
        }
        fold.write(out);
    }

    /** Goes on from what another one has written. */
    void read(DataInputStream in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            days.put(in.readLong(), new Day(in.readLong(), in.readLong(), in.readLong()));
        }
        fold.read(in);
    }
}
