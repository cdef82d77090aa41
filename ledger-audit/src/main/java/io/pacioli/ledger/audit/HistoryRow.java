package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Rejected;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table that a history keeps besides its entries and postings.
 *
 * @param table which
 * @param shard its shard
 * @param place see {@link HistoryTable#order}
 * @param key its values in the columns of {@link HistoryTable#key}, with spaces between
 * @param values its values in {@link HistoryTable#columns}; null for those that it does not have
 */
public record HistoryRow(HistoryTable table, int shard, long place, String key, List<@Nullable String> values) {
    /** Copies the list. */
    public HistoryRow(HistoryTable table, int shard, long place, String key, List<@Nullable String> values) {
        this.table = table;
        this.shard = shard;
        this.place = place;
        this.key = key;
        this.values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    static HistoryRow of(HistoryTable table, int shard, long place, String key, @Nullable String... values) {
        return new HistoryRow(table, shard, place, key, Arrays.asList(values));
    }

    /** What a history must keep of an entry besides itself and its postings. */
    static List<HistoryRow> allOf(Entry entry) {
        Map<String, String> metadata = entry.event().metadata();
        if (entry.event() instanceof Event.CommandRejected event) {
            return List.of(rejection(entry, event));
        }
        if (metadata.isEmpty()) {
            return List.of();
        }
        List<HistoryRow> rows = new ArrayList<>(metadata.size());
        metadata.forEach((key, value) ->
                rows.add(of(HistoryTable.METADATA, entry.shard(), entry.sequence(), key, micros(entry), value)));
        return rows;
    }

    private static HistoryRow rejection(Entry entry, Event.CommandRejected event) {
        Rejected rejected = event.rejected();
        return of(
                HistoryTable.REJECTIONS,
                entry.shard(),
                entry.sequence(),
                "",
                micros(entry),
                rejected.code().name(),
                entry.commandId(),
                event.command(),
                event.account(),
                rejected.field(),
                rejected.limit(),
                rejected.value(),
                rejected.message());
    }

    private static String micros(Entry entry) {
        return micros(entry.atMillis());
    }

    /** A time as rows have it. */
    static String micros(long millis) {
        return Long.toString(millis * HistoryEntry.MICROS_PER_MILLI);
    }

    /** What tells it apart from all others of its table. */
    String name() {
        return switch (table.order()) {
            case SEQUENCE -> key.isEmpty() ? shard + ":" + place : shard + ":" + place + " " + key;
            case TIME -> key + " of " + HistoryTable.Column.instant(place) + " on shard " + shard;
            case NONE -> key;
        };
    }
}
