package io.pacioli.ledger.bench;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.projection.postgres.PostgresRebuild;
import io.pacioli.ledger.projection.postgres.PostgresSettings;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * The projection in PostgreSQL, started on an empty server beside a ledger that has a journal already. It runs in a process of its own, as
 * a service does.
 */
public final class StoredHistory implements AutoCloseable {
    private static final String BALANCES =
            "SELECT coalesce(sum(available + held + locked + staked), 0) FROM ledger.balances";

    private final EmbeddedPostgres postgres;
    private final RebuildSettings rebuilding;
    private final PostgresSettings settings;
    private final Process service;
    private final Connection connection;

    private StoredHistory(String bootstrapServers, int shards) throws IOException {
        postgres = EmbeddedPostgres.start(ServerConfig.fresh());
        rebuilding = RebuildSettings.of(
                Map.of("bootstrap.servers", bootstrapServers), Topics.DEFAULT, new KafkaRouter(shards));
        settings = PostgresSettings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        service = OwnProcess.service(
                HistoryService.class,
                Map.of(HistoryService.PASSWORD, postgres.password()),
                bootstrapServers,
                Integer.toString(shards),
                postgres.jdbcUrl(),
                postgres.username());
        connection = connect();
    }

    /** Starts both, and returns before the store is filled. */
    public static StoredHistory start(String bootstrapServers, int shards) {
        try {
            return new StoredHistory(bootstrapServers, shards);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many entries the store has committed; 0 before its tables are there. */
    public long entries() {
        return number("SELECT CASE WHEN to_regclass('ledger.positions') IS NULL THEN 0 ELSE 1 END") == 0
                ? 0
                : number("SELECT coalesce(sum(sequence), 0) FROM ledger.positions");
    }

    /** Builds it anew beside itself; the new one takes its place. */
    RebuildReport rebuild() {
        return new PostgresRebuild(rebuilding, settings, PostgresRebuild.Options.DEFAULT, phase -> {})
                .run(RebuildProgress.Listener.NONE);
    }

    /** What the database takes on disk, in bytes. */
    long bytes() {
        return number("SELECT pg_database_size(current_database())");
    }

    /** How many transfers the history has, those that are still on their way between two shards included. */
    public long transfers() {
        return number("SELECT count(*) FROM ledger.entries"
                + " WHERE kind = 'transfer' AND type IN ('TransferPosted', 'TransferSent')");
    }

    /** What clients' accounts have together, in minor units. */
    public long clientBalances() {
        return number(BALANCES + " WHERE account NOT LIKE '@%'");
    }

    /** What all accounts have together: zero in books that balance. */
    public long allBalances() {
        return number(BALANCES);
    }

    /** A setting of the server, by its name. */
    public String setting(String name) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW " + name)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask for " + name, e);
        }
    }

    private Connection connect() {
        try {
            return DriverManager.getConnection(postgres.jdbcUrl(), postgres.username(), postgres.password());
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect to PostgreSQL", e);
        }
    }

    private long number(String query) {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot ask: " + query, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot disconnect from PostgreSQL", e);
        } finally {
            OwnProcess.end(service);
            postgres.close();
        }
    }
}
