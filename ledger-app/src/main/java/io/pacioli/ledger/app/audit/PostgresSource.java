package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.BalanceReading;
import io.pacioli.ledger.audit.BalanceSource;
import io.pacioli.ledger.audit.HistoryEntry;
import io.pacioli.ledger.audit.HistoryPosting;
import io.pacioli.ledger.audit.HistoryReading;
import io.pacioli.ledger.audit.HistoryRow;
import io.pacioli.ledger.audit.HistoryTable;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * All balances and the history that PostgreSQL holds, by plain SQL on its tables, in one snapshot: everything is of one moment.
 *
 * @param url for JDBC
 * @param user who may read
 * @param password of the user
 */
public record PostgresSource(String url, String user, String password) implements BalanceSource {
    private static final int ROWS_FETCHED = 5_000;

    private static final String ENTRIES = """
            SELECT shard, sequence, (extract(epoch FROM at) * 1000000)::bigint, type, kind, command_id, cause, is_outcome,
                   encode(hash, 'hex'), data::text
            FROM ledger.entries""";

    /** Amounts as texts, for there are figures in NUMERIC that are no numbers. */
    private static final String POSTINGS = """
            SELECT shard, sequence, version, (extract(epoch FROM at) * 1000000)::bigint, account, asset, bucket::text,
                   amount::text, balance::text, counterparty
            FROM ledger.postings""";

    private static final String RANGE = " WHERE shard = ? AND sequence BETWEEN ? AND ?";

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    @Override
    public String name() {
        return "Postgres";
    }

    @Override
    public boolean hasHistory() {
        return true;
    }

    @Override
    public BalanceReading open() {
        try {
            Connection connection = DriverManager.getConnection(url, user, password);
            try {
                connection.setReadOnly(true);
                connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                // Without a transaction there would be no snapshot, and the driver would read all rows into memory.
                connection.setAutoCommit(false);
                return new Snapshot(connection);
            } catch (SQLException | AuditException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw unreadable(e);
        }
    }

    private static AuditException unreadable(SQLException e) {
        return new AuditException("PostgreSQL cannot be read: " + e.getMessage(), e);
    }

    private static final class Snapshot implements BalanceReading, HistoryReading {
        private final Connection connection;
        private final List<Position> positions = new ArrayList<>();
        private long horizonMillis;

        Snapshot(Connection connection) throws SQLException {
            this.connection = connection;
            try (Statement lock = connection.createStatement()) {
                // Before anything is read: months that are detached meanwhile would be missing from a snapshot of
                // before.
                lock.execute("LOCK TABLE ledger.retention IN ACCESS SHARE MODE");
            }
            query("SELECT horizon FROM ledger.retention", row -> {
                OffsetDateTime horizon = row.getObject(1, OffsetDateTime.class);
                horizonMillis = horizon == null ? 0 : horizon.toInstant().toEpochMilli();
            });
            query(
                    "SELECT shard, sequence FROM ledger.positions",
                    row -> positions.add(new Position(row.getInt(1), row.getLong(2))));
        }

        @Override
        public List<Position> positions() {
            return List.copyOf(positions);
        }

        @Override
        public int pages() {
            return 1;
        }

        @Override
        public void read(int shard, int page, PageVisitor visitor) {
            Position position = positions.stream()
                    .filter(known -> known.shard() == shard)
                    .findFirst()
                    .orElse(new Position(shard, 0));
            if (visitor.at(position)) {
                query(
                        "SELECT account, asset, available, held, locked, staked FROM ledger.balances WHERE shard = ?",
                        row -> visitor.holding(
                                row.getString(1),
                                new Holding(
                                        row.getString(2),
                                        amount(row, 3),
                                        amount(row, 4),
                                        amount(row, 5),
                                        amount(row, 6))),
                        shard);
            }
        }

        @Override
        public HistoryReading history() {
            return this;
        }

        @Override
        public long horizonMillis() {
            return horizonMillis;
        }

        @Override
        public void entries(Map<Integer, Long> fromSequences, Consumer<HistoryEntry> visitor) {
            query(ENTRIES + from(fromSequences), row -> visitor.accept(entry(row)));
        }

        @Override
        public void postings(Map<Integer, Long> fromSequences, Consumer<HistoryPosting> visitor) {
            query(POSTINGS + from(fromSequences), row -> visitor.accept(posting(row)));
        }

        @Override
        public void entriesOf(int shard, long fromSequence, long toSequence, Consumer<HistoryEntry> visitor) {
            query(ENTRIES + RANGE, row -> visitor.accept(entry(row)), shard, fromSequence, toSequence);
        }

        @Override
        public void postingsOf(int shard, long fromSequence, long toSequence, Consumer<HistoryPosting> visitor) {
            query(POSTINGS + RANGE, row -> visitor.accept(posting(row)), shard, fromSequence, toSequence);
        }

        @Override
        public void rows(HistoryTable table, Map<Integer, Long> from, Consumer<HistoryRow> visitor) {
            PostgresTable sql = PostgresTable.of(table);
            query(sql.rows(from), row -> visitor.accept(sql.row(row)));
        }

        @Override
        public void rowsOf(HistoryTable table, int shard, long from, long to, Consumer<HistoryRow> visitor) {
            PostgresTable sql = PostgresTable.of(table);
            query(sql.rowsBetween(), row -> visitor.accept(sql.row(row)), shard, from, to);
        }

        /** One condition for all shards, each of which an index serves: a table is read once, or only what is new of it. */
        private static String from(Map<Integer, Long> fromSequences) {
            String known = fromSequences.entrySet().stream()
                    .map(from -> "(shard = " + from.getKey() + " AND sequence >= " + from.getValue() + ")")
                    .collect(Collectors.joining(" OR "));
            return " WHERE " + known + " OR shard > " + Collections.max(fromSequences.keySet());
        }

        private static HistoryEntry entry(ResultSet row) throws SQLException {
            return new HistoryEntry(
                    row.getInt(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getBoolean(8),
                    row.getString(9),
                    row.getString(10));
        }

        private static HistoryPosting posting(ResultSet row) throws SQLException {
            return new HistoryPosting(
                    row.getInt(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getString(5),
                    row.getString(6),
                    row.getString(7),
                    row.getString(8),
                    row.getString(9),
                    row.getString(10));
        }

        private static BigInteger amount(ResultSet row, int column) throws SQLException {
            return row.getBigDecimal(column).toBigIntegerExact();
        }

        private void query(String sql, RowReader reader, Object... parameters) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setFetchSize(ROWS_FETCHED);
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        reader.read(rows);
                    }
                }
            } catch (SQLException e) {
                throw unreadable(e);
            }
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                throw unreadable(e);
            }
        }
    }
}
