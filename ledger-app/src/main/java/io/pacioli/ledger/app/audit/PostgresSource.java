package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.BalanceReading;
import io.pacioli.ledger.audit.BalanceSource;
import io.pacioli.ledger.audit.HistoryReading;
import io.pacioli.ledger.core.Bucket;
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
import java.util.List;

/**
 * All balances and the history that PostgreSQL holds, by plain SQL on its tables, in one snapshot: positions, balances, entries and postings
 * are of one moment.
 *
 * @param url for JDBC
 * @param user who may read
 * @param password of the user
 */
public record PostgresSource(String url, String user, String password) implements BalanceSource {
    private static final int ROWS_FETCHED = 5_000;

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    @Override
    public String name() {
        return "Postgres";
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
        public void entries(int shard, long fromSequence, long toSequence, EntryVisitor visitor) {
            query(
                    "SELECT sequence, hash FROM ledger.entries WHERE shard = ? AND sequence BETWEEN ? AND ?",
                    row -> visitor.entry(row.getLong(1), row.getBytes(2)),
                    shard,
                    fromSequence,
                    toSequence);
        }

        @Override
        public void postings(int shard, long blockEntries, BlockVisitor visitor) {
            query(
                    "SELECT (sequence - 1) / ?, count(*) FROM ledger.postings WHERE shard = ? GROUP BY 1",
                    row -> visitor.count(row.getLong(1), row.getLong(2)),
                    blockEntries,
                    shard);
        }

        @Override
        public void postingsOf(int shard, long fromSequence, long toSequence, BlockVisitor visitor) {
            query(
                    "SELECT sequence, count(*) FROM ledger.postings WHERE shard = ? AND sequence BETWEEN ? AND ?"
                            + " GROUP BY 1",
                    row -> visitor.count(row.getLong(1), row.getLong(2)),
                    shard,
                    fromSequence,
                    toSequence);
        }

        @Override
        public void sums(int shard, SumVisitor visitor) {
            query(
                    "SELECT account, asset, bucket::text, sum(amount) FROM ledger.postings WHERE shard = ?"
                            + " GROUP BY 1, 2, 3",
                    row -> visitor.sum(
                            row.getString(1), row.getString(2), Bucket.ofWireName(row.getString(3)), amount(row, 4)),
                    shard);
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
