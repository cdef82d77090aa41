package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.service.rebuild.RebuildException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * One connection outside of all pools, for what administers a database. Methods throw a {@link RebuildException} when the database
 * fails. Not thread safe.
 */
final class Sql implements AutoCloseable {
    private static final int ROWS_FETCHED = 5_000;

    private final Connection connection;

    /** Hears of rows. */
    interface RowReader {
        void read(ResultSet row) throws SQLException;
    }

    private Sql(Connection connection) {
        this.connection = connection;
    }

    static Sql connect(PostgresSettings settings) {
        Properties properties = new Properties();
        properties.setProperty("user", settings.username());
        properties.setProperty("password", settings.password());
        properties.setProperty("ApplicationName", "ledger rebuild");
        properties.setProperty("tcpKeepAlive", "true");
        try {
            return new Sql(DriverManager.getConnection(settings.url(), properties));
        } catch (SQLException e) {
            throw failed(settings + " cannot be reached", e);
        }
    }

    static RebuildException failed(String what, SQLException e) {
        return new RebuildException(what + ": " + Failures.reason(e), e);
    }

    Connection connection() {
        return connection;
    }

    /** Begins a transaction that sees one snapshot and writes nothing. */
    void beginSnapshot() {
        try {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw failed("a snapshot cannot be taken", e);
        }
    }

    /** Begins a transaction. */
    void begin() {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            throw failed("a transaction cannot be begun", e);
        }
    }

    void commit() {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw failed("a transaction cannot be committed", e);
        }
    }

    void execute(String sql, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepared(sql, parameters)) {
            statement.execute();
        } catch (SQLException e) {
            throw failed("PostgreSQL refuses " + sql.strip().lines().findFirst().orElse(""), e);
        }
    }

    void query(String sql, RowReader reader, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepared(sql, parameters);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                reader.read(rows);
            }
        } catch (SQLException e) {
            throw failed("PostgreSQL cannot be read", e);
        }
    }

    /** The first column of all rows. */
    List<String> texts(String sql, @Nullable Object... parameters) {
        List<String> texts = new ArrayList<>();
        query(sql, row -> texts.add(String.valueOf(row.getString(1))), parameters);
        return texts;
    }

    /** The only column of the only row. */
    @Nullable
    String text(String sql, @Nullable Object... parameters) {
        List<@Nullable String> texts = new ArrayList<>();
        query(sql, row -> texts.add(row.getString(1)), parameters);
        return texts.isEmpty() ? null : texts.getFirst();
    }

    boolean isTrue(String sql, @Nullable Object... parameters) {
        return Objects.equals(text(sql, parameters), "t");
    }

    private PreparedStatement prepared(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setFetchSize(ROWS_FETCHED);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }

    /** A name as SQL takes it. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("a connection cannot be closed", e);
        }
    }
}
