package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Activity;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import java.util.HashMap;
import java.util.Map;

/** What a batch adds to the figures by hour and day. Not thread safe. */
final class Rollups {
    private static final Grain[] GRAINS = Grain.values();

    private final Map<ActivityKey, Activity> activity = new HashMap<>();
    private final Map<RejectionKey, Long> rejections = new HashMap<>();

    /** An asset in a period on a shard. */
    record ActivityKey(String asset, Period period, int shard) {}

    /** A rejection's code in a period on a shard. */
    record RejectionKey(String code, Period period, int shard) {}

    /** Counts what an entry decides. */
    void add(Entry entry) {
        Activity.decidedBy(entry).forEach(decided -> {
            for (Grain grain : GRAINS) {
                add(decided.asset(), Period.of(grain, entry.atMillis()), entry.shard(), decided.activity());
            }
        });
        if (entry.event() instanceof Event.CommandRejected rejected) {
            String code = rejected.rejected().code().name();
            for (Grain grain : GRAINS) {
                rejections.merge(
                        new RejectionKey(code, Period.of(grain, entry.atMillis()), entry.shard()), 1L, Long::sum);
            }
        }
    }

    /** Counts the first posting that the batch has of an asset on a client's account. */
    void firstPosting(String asset, int shard, long atMillis) {
        for (Grain grain : GRAINS) {
            add(asset, Period.of(grain, atMillis), shard, Activity.active(1));
        }
    }

    /** Counts a later posting, unless the one before was in the same period. */
    void nextPosting(String asset, int shard, long atMillis, long beforeMillis) {
        for (Grain grain : GRAINS) {
            Period period = Period.of(grain, atMillis);
            if (period.startMillis() > beforeMillis) {
                add(asset, period, shard, Activity.active(1));
            }
        }
    }

    private void add(String asset, Period period, int shard, Activity added) {
        activity.merge(new ActivityKey(asset, period, shard), added, Activity::plus);
    }

    Map<ActivityKey, Activity> activity() {
        return activity;
    }

    Map<RejectionKey, Long> rejections() {
        return rejections;
    }
}
