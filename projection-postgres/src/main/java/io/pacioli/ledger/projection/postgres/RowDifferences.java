package io.pacioli.ledger.projection.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.Differences;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells by which columns rows differ from what they should be. */
final class RowDifferences {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int VALUE_MAX = 200;

    private RowDifferences() {}

    /** The rows that fulfil a condition, as JSON by what they are about. */
    static Map<String, String> rows(Sql sql, HistoryTable table, String condition, Object... parameters) {
        Map<String, String> rows = new TreeMap<>();
        sql.query(table.rows(condition), row -> rows.put(row.getString(1), row.getString(2)), parameters);
        return rows;
    }

    /** Adds what differs; returns whether anything does. */
    static boolean add(
            Differences differences,
            Position at,
            HistoryTable table,
            Map<String, String> stored,
            Map<String, String> rebuilt) {
        TreeSet<String> keys = new TreeSet<>(stored.keySet());
        keys.addAll(rebuilt.keySet());
        keys.removeIf(key -> rebuilt.getOrDefault(key, "").equals(stored.get(key)));
        keys.forEach(
                key -> differences.add(difference(at, table.name() + " " + key, stored.get(key), rebuilt.get(key))));
        return !keys.isEmpty();
    }

    private static Difference difference(
            Position at, String subject, @Nullable String stored, @Nullable String rebuilt) {
        if (stored == null || rebuilt == null) {
            return new Difference(at, subject, stored == null ? "" : "a row", rebuilt == null ? "" : "a row");
        }
        JsonNode was = parsed(stored);
        JsonNode is = parsed(rebuilt);
        StringBuilder wrong = new StringBuilder();
        StringBuilder right = new StringBuilder();
        is.properties().forEach(column -> {
            JsonNode other = was.path(column.getKey());
            if (!column.getValue().equals(other)) {
                append(wrong, column.getKey(), other);
                append(right, column.getKey(), column.getValue());
            }
        });
        return new Difference(at, subject, wrong.toString(), right.toString());
    }

    private static void append(StringBuilder text, String column, JsonNode value) {
        String shown = value.isTextual() ? value.textValue() : value.toString();
        text.append(text.isEmpty() ? "" : ", ")
                .append(column)
                .append('=')
                .append(shown.length() <= VALUE_MAX ? shown : shown.substring(0, VALUE_MAX) + "...");
    }

    private static JsonNode parsed(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL writes JSON that is none: " + json, e);
        }
    }
}
