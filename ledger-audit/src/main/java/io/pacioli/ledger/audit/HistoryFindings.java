package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.MalformedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Names what differs in the history of one shard, and counts how much it has named. Not thread safe. */
final class HistoryFindings {
    private final String source;
    private final ShardBooks books;
    private final Findings findings;
    private final HistoryDigest digest;
    private long named;

    HistoryFindings(String source, ShardBooks books, Findings findings) {
        this.source = source;
        this.books = books;
        this.findings = findings;
        digest = books.history().entries();
    }

    /** How much it has named. */
    long named() {
        return named;
    }

    /** @param account null when it is about no single one, so that writing one again would not put it right */
    void add(long sequence, @Nullable String account, String message, String expected, String found) {
        named++;
        findings.add(new Finding(
                Finding.Kind.HISTORY,
                source,
                books.shard(),
                sequence,
                Finding.NO_OFFSET,
                books.atMillis(),
                account,
                message,
                expected,
                found));
    }

    /** Compares rows of which each key must be there once. */
    void compare(List<HistoryRow> expected, List<HistoryRow> found) {
        Map<String, HistoryRow> others = new HashMap<>();
        for (HistoryRow row : found) {
            if (others.put(row.table() + " " + row.name(), row) != null) {
                add(row, "must be there once", "1", "2");
            }
        }
        for (HistoryRow row : expected) {
            HistoryRow other = others.remove(row.table() + " " + row.name());
            if (other == null) {
                missing(row);
            } else {
                compare(row, other);
            }
        }
        others.values().forEach(this::needless);
    }

    /** Compares two rows of one key, column by column. */
    void compare(HistoryRow expected, HistoryRow found) {
        List<HistoryTable.Column> columns = expected.table().columns();
        for (int i = 0; i < columns.size(); i++) {
            HistoryTable.Column column = columns.get(i);
            String wanted = expected.values().get(i);
            String other = found.values().get(i);
            if (!isSame(column, wanted, other)) {
                String rule = "column " + column.name() + " must be what the journal gives";
                add(expected, rule, shown(column, wanted), shown(column, other));
            }
        }
    }

    private static String shown(HistoryTable.Column column, @Nullable String value) {
        return value == null ? "" : column.shown(value);
    }

    private boolean isSame(HistoryTable.Column column, @Nullable String expected, @Nullable String found) {
        boolean isEqual = Objects.equals(expected, found);
        return isEqual
                || (column.kind() == HistoryTable.Kind.JSON
                        && expected != null
                        && found != null
                        && isSameJson(expected, found));
    }

    /** Whether two JSON texts say the same. */
    boolean isSameJson(String expected, String found) {
        try {
            return digest.json(expected) == digest.json(found);
        } catch (MalformedException e) {
            return false;
        }
    }

    /** Names a row that is not there. */
    void missing(HistoryRow row) {
        add(row, "must have the row that the journal gives", shown(row), "");
    }

    /** Names a row that must not be there. */
    void needless(HistoryRow row) {
        add(row, "must not have a row that the journal does not give", "", shown(row));
    }

    private static String shown(HistoryRow row) {
        List<HistoryTable.Column> columns = row.table().columns();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String value = row.values().get(i);
            if (value != null) {
                text.append(text.isEmpty() ? "" : ", ").append(columns.get(i).name());
                text.append('=').append(columns.get(i).shown(value));
            }
        }
        return text.toString();
    }

    private void add(HistoryRow row, String rule, String expected, String found) {
        HistoryTable table = row.table();
        long sequence = table.order() == HistoryTable.Order.SEQUENCE ? row.place() : books.sequence();
        // Of these tables only accounts can be written again for one account.
        String account = table == HistoryTable.ACCOUNTS ? row.key() : null;
        add(sequence, account, "table " + table.title() + ", row " + row.name() + ": " + rule, expected, found);
    }
}
