package io.pacioli.ledger.app.demo;

import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.BalanceSource;
import io.pacioli.ledger.audit.Books;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * All balances that PostgreSQL holds, by plain SQL on its tables.
 *
 * @param url for JDBC
 * @param user who may read
 * @param password of the user
 */
record PostgresSource(String url, String user, String password) implements BalanceSource {
    private static final int ROWS_FETCHED = 5_000;

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    @Override
    public String name() {
        return "Postgres";
    }

    @Override
    public List<Position> positions() {
        List<Position> positions = new ArrayList<>();
        query(
                "SELECT shard, sequence FROM ledger.positions",
                row -> positions.add(new Position(row.getInt(1), row.getLong(2))));
        return positions;
    }

    @Override
    public void forEach(Books.HoldingVisitor visitor) {
        query(
                "SELECT shard, account, asset, available, held, locked, staked FROM ledger.balances",
                row -> visitor.visit(
                        row.getInt(1),
                        row.getString(2),
                        new Holding(row.getString(3), amount(row, 4), amount(row, 5), amount(row, 6), amount(row, 7))));
    }

    private static BigInteger amount(ResultSet row, int column) throws SQLException {
        return row.getBigDecimal(column).toBigIntegerExact();
    }

    private void query(String sql, RowReader reader) {
        try (Connection connection = DriverManager.getConnection(url, user, password)) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                // Without a transaction and a fetch size the driver would read all rows into memory.
                statement.setFetchSize(ROWS_FETCHED);
                try (ResultSet rows = statement.executeQuery(sql)) {
                    while (rows.next()) {
                        reader.read(rows);
                    }
                }
            }
            connection.rollback();
        } catch (SQLException e) {
            throw new AuditException("PostgreSQL cannot be read: " + e.getMessage(), e);
        }
    }
}
