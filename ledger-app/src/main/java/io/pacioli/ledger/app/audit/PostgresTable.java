package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.audit.HistoryRow;
import io.pacioli.ledger.audit.HistoryTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How the rows of a table are asked for.
 *
 * @param table which
 * @param select what gives shard, place, key and values
 */
record PostgresTable(HistoryTable table, String select) {
    private static final int BEFORE_VALUES = 3;

    static PostgresTable of(HistoryTable table) {
        String values = table.columns().stream().map(PostgresTable::value).collect(Collectors.joining(", "));
        String key = table.key().isEmpty() ? "''" : "concat_ws(' ', " + String.join(", ", table.key()) + ")";
        String place = switch (table.order()) {
            case SEQUENCE -> "sequence";
            case TIME -> "(extract(epoch FROM starts) * 1000000)::bigint";
            case NONE -> "0";
        };
        return new PostgresTable(
                table, "SELECT shard, " + place + ", " + key + ", " + values + " FROM ledger." + table.title());
    }

    private static String value(HistoryTable.Column column) {
        return switch (column.kind()) {
            case TEXT, JSON -> column.name() + "::text";
            case TIME -> "(extract(epoch FROM " + column.name() + ") * 1000000)::bigint::text";
        };
    }

    /** A statement for all rows of some shards from some places on, and those of shards behind all of them. */
    String rows(Map<Integer, Long> from) {
        String known = from.entrySet().stream()
                .map(shard -> "(shard = " + shard.getKey() + since(shard.getValue()) + ")")
                .collect(Collectors.joining(" OR "));
        return select + " WHERE " + known + " OR shard > " + Collections.max(from.keySet());
    }

    private String since(long place) {
        if (place == Long.MIN_VALUE) {
            return "";
        }
        return switch (table.order()) {
            case SEQUENCE -> " AND sequence >= " + place;
            case TIME -> " AND starts >= to_timestamp(" + place + " / 1000000.0)";
            case NONE -> "";
        };
    }

    /** A statement for the rows of a shard between two places; these are its parameters. */
    String rowsBetween() {
        return select
                + switch (table.order()) {
                    case SEQUENCE -> " WHERE shard = ? AND sequence BETWEEN ? AND ?";
                    case TIME ->
                        " WHERE shard = ? AND starts BETWEEN to_timestamp(? / 1000000.0) AND to_timestamp(? / 1000000.0)";
                    case NONE -> " WHERE shard = ? AND 0 BETWEEN ? AND ?";
                };
    }

    HistoryRow row(ResultSet row) throws SQLException {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < table.columns().size(); i++) {
            values.add(row.getString(BEFORE_VALUES + i + 1));
        }
        return new HistoryRow(table, row.getInt(1), row.getLong(2), row.getString(3), values);
    }
}
