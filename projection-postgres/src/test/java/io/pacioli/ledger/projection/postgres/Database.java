package io.pacioli.ledger.projection.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.testkit.TestPostgres;
import io.pacioli.ledger.testkit.TestServices;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Result;

/** A database that a test has to itself while it runs. */
final class Database implements AutoCloseable {
    private static final List<String> TABLES = List.of(
            "positions",
            "entries",
            "postings",
            "balances",
            "accounts",
            "assets",
            "rejections",
            "entry_metadata",
            "activity",
            "rejection_counts",
            "retention");

    private final PostgresSettings settings;
    private final HikariDataSource writing;
    private final HikariDataSource reading;

    Database(PostgresSettings settings) {
        this.settings = settings;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.username());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(4);
        config.setMinimumIdle(0);
        config.setInitializationFailTimeout(-1);
        writing = new HikariDataSource(config);
        reading = PostgresProjection.reading(settings);
    }

    /** An empty database. There is one for all tests, because a database takes longer to make than most tests run. */
    static PostgresSettings fresh() {
        try (Database database = new Database(Shared.SETTINGS)) {
            database.execute("DROP SCHEMA IF EXISTS ledger CASCADE");
            database.execute("DROP SCHEMA IF EXISTS ledger_detached CASCADE");
            database.execute("DROP SCHEMA IF EXISTS backup CASCADE");
        }
        return Shared.SETTINGS;
    }

    private static final class Shared {
        static final PostgresSettings SETTINGS = make();

        private static PostgresSettings make() {
            TestPostgres postgres = TestServices.postgres();
            return PostgresSettings.of(postgres.freshDatabase(), postgres.username(), postgres.password());
        }
    }

    static Database migrated() {
        Database database = new Database(fresh());
        new SchemaMigration(database.writing).run();
        return database;
    }

    PostgresSettings settings() {
        return settings;
    }

    HikariDataSource writing() {
        return writing;
    }

    HikariDataSource reading() {
        return reading;
    }

    /** Runs one statement. */
    void execute(String sql) {
        try (Connection connection = writing.getConnection()) {
            Dsl.of(connection).execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query. */
    Result<?> fetch(String sql) {
        try (Connection connection = writing.getConnection()) {
            return Dsl.of(connection).fetch(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every row of every table, whatever partition it is in. */
    String everything() {
        return TABLES.stream()
                .map(table -> fetch("SELECT t::text FROM ledger." + table + " t ORDER BY 1")
                        .formatCSV())
                .reduce("", String::concat);
    }

    long count(String table) {
        return number("SELECT count(*) FROM ledger." + table);
    }

    /** The only value of a query. */
    long number(String sql) {
        return Objects.requireNonNull(fetch(sql).getFirst().get(0, Long.class));
    }

    /** What the table of balances says, in the form of {@link ScriptedLedger#holdings()}. */
    Map<String, Holding> holdings() {
        Map<String, Holding> holdings = new HashMap<>();
        for (var row : fetch("SELECT shard, account, asset, available, held, locked, staked FROM ledger.balances")) {
            Holding holding = new Holding(
                    row.get("asset", String.class),
                    row.get("available", BigInteger.class),
                    row.get("held", BigInteger.class),
                    row.get("locked", BigInteger.class),
                    row.get("staked", BigInteger.class));
            if (!holding.isEmpty()) {
                holdings.put(row.get("shard") + " " + row.get("account") + " " + holding.asset(), holding);
            }
        }
        return holdings;
    }

    @Override
    public void close() {
        reading.close();
        writing.close();
    }
}
