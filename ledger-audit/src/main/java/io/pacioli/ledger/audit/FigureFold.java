package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Activity;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The figures by hour and day that a shard's journal comes to. It knows one day: time does not go back in a shard, so those of a day that
 * is over are final and are let go. Memory is bounded by the accounts that are active on a day. Not thread safe.
 */
final class FigureFold {
    static final long DAY_MILLIS = Duration.ofDays(1).toMillis();
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    private final int shard;
    private final KeyedHash hash;
    private final Map<Figure, Activity> activity = new HashMap<>();
    private final Map<Figure, Long> rejections = new HashMap<>();
    private final Set<Long> activeInHour = new HashSet<>();
    private final Set<Long> activeInDay = new HashSet<>();
    private long hourMillis = Long.MIN_VALUE;
    private long dayMillis = Long.MIN_VALUE;

    /**
     * What is counted in a period.
     *
     * @param of an asset, or the code of a rejection
     */
    private record Figure(String of, Grain grain, long startMillis) {
        String key() {
            return of + " " + grain.word;
        }
    }

    private enum Grain {
        HOUR("hour"),
        DAY("day");

        private final String word;

        Grain(String word) {
            this.word = word;
        }
    }

    FigureFold(int shard, KeyedHash hash) {
        this.shard = shard;
        this.hash = hash;
    }

    /** When the day (UTC) starts that a time is in. */
    static long dayOf(long millis) {
        return millis - Math.floorMod(millis, DAY_MILLIS);
    }

    /** When the day starts that it knows; before the first entry the least number there is. */
    long dayMillis() {
        return dayMillis;
    }

    /** Counts the next entry; those of an earlier day are forgotten with its first one. */
    void add(Entry entry) {
        long atMillis = entry.atMillis();
        long hour = atMillis - Math.floorMod(atMillis, HOUR_MILLIS);
        if (hour != hourMillis) {
            hourMillis = hour;
            activeInHour.clear();
        }
        if (dayOf(atMillis) != dayMillis) {
            dayMillis = dayOf(atMillis);
            activeInDay.clear();
            activity.clear();
            rejections.clear();
        }
        Activity.decidedBy(entry).forEach(decided -> add(decided.asset(), decided.activity()));
        if (entry.event() instanceof Event.CommandRejected rejected) {
            String code = rejected.rejected().code().name();
            rejections.merge(new Figure(code, Grain.HOUR, hourMillis), 1L, Long::sum);
            rejections.merge(new Figure(code, Grain.DAY, dayMillis), 1L, Long::sum);
        }
        entry.postings().forEach(this::active);
    }

    private void active(Posting posting) {
        if (AccountId.isSystem(posting.account())) {
            return;
        }
        long holding = hash.of(hash.of(posting.account()), hash.of(posting.asset()));
        if (activeInHour.add(holding)) {
            add(posting.asset(), Grain.HOUR, hourMillis, Activity.active(1));
            if (activeInDay.add(holding)) {
                add(posting.asset(), Grain.DAY, dayMillis, Activity.active(1));
            }
        }
    }

    private void add(String asset, Activity more) {
        add(asset, Grain.HOUR, hourMillis, more);
        add(asset, Grain.DAY, dayMillis, more);
    }

    private void add(String asset, Grain grain, long startMillis, Activity more) {
        activity.merge(new Figure(asset, grain, startMillis), more, Activity::plus);
    }

    /** The rows of the day, in no order. */
    void forEachRow(Consumer<HistoryRow> visitor) {
        activity.forEach((figure, sum) -> visitor.accept(HistoryRow.of(
                HistoryTable.ACTIVITY,
                shard,
                figure.startMillis() * HistoryEntry.MICROS_PER_MILLI,
                figure.key(),
                Long.toString(sum.transfers()),
                sum.volume().toString(),
                sum.minted().toString(),
                sum.burned().toString(),
                sum.returned().toString(),
                Long.toString(sum.activeAccounts()))));
        rejections.forEach((figure, count) -> visitor.accept(HistoryRow.of(
                HistoryTable.REJECTION_COUNTS,
                shard,
                figure.startMillis() * HistoryEntry.MICROS_PER_MILLI,
                figure.key(),
                Long.toString(count))));
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(hourMillis);
        out.writeLong(dayMillis);
        write(activeInHour, out);
        write(activeInDay, out);
        out.writeInt(activity.size());
        for (Map.Entry<Figure, Activity> sum : activity.entrySet()) {
            write(sum.getKey(), out);
            out.writeLong(sum.getValue().transfers());
            out.writeUTF(sum.getValue().volume().toString());
            out.writeUTF(sum.getValue().minted().toString());
            out.writeUTF(sum.getValue().burned().toString());
            out.writeUTF(sum.getValue().returned().toString());
            out.writeLong(sum.getValue().activeAccounts());
        }
        out.writeInt(rejections.size());
        for (Map.Entry<Figure, Long> count : rejections.entrySet()) {
            write(count.getKey(), out);
            out.writeLong(count.getValue());
        }
    }

    private static void write(Set<Long> active, DataOutputStream out) throws IOException {
        out.writeInt(active.size());
        for (long holding : active) {
            out.writeLong(holding);
        }
    }

    private static void write(Figure figure, DataOutputStream out) throws IOException {
        out.writeUTF(figure.of());
        out.writeBoolean(figure.grain() == Grain.DAY);
        out.writeLong(figure.startMillis());
    }

    /** Goes on from what another one has written. */
    void read(DataInputStream in) throws IOException {
        hourMillis = in.readLong();
        dayMillis = in.readLong();
        read(activeInHour, in);
        read(activeInDay, in);
        for (int i = in.readInt(); i > 0; i--) {
            activity.put(
                    figure(in),
                    new Activity(in.readLong(), number(in), number(in), number(in), number(in), in.readLong()));
        }
        for (int i = in.readInt(); i > 0; i--) {
            rejections.put(figure(in), in.readLong());
        }
    }

    private static void read(Set<Long> active, DataInputStream in) throws IOException {
        for (int i = in.readInt(); i > 0; i--) {
            active.add(in.readLong());
        }
    }

    private static Figure figure(DataInputStream in) throws IOException {
        return new Figure(in.readUTF(), in.readBoolean() ? Grain.DAY : Grain.HOUR, in.readLong());
    }

    private static BigInteger number(DataInputStream in) throws IOException {
        return new BigInteger(in.readUTF());
    }
}
