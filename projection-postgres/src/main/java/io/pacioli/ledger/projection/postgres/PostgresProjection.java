package io.pacioli.ledger.projection.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.PositionGate;
import io.pacioli.ledger.service.Service;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The service that keeps history in PostgreSQL and answers questions about it.
 *
 * <p>It starts whether or not the database and the brokers are there, brings the schema up to date as soon as it can, and then
 * folds the journal. Several instances share the shards. Thread safe.
 */
public final class PostgresProjection implements Service {
    /** The name of the service, and the first part of the names of its health components. */
    public static final String NAME = "projection-postgres";

    private static final int WAITERS_MAX = 10_000;
    private static final Duration POSITION_POLL = Duration.ofMillis(20);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    private static final int WRITERS_MAX = JournalProjector.WRITERS;
    private static final int WRITE_TIMEOUT_SECONDS = 120;
    private static final int QUERY_TIMEOUT_MILLIS = 10_000;

    /** Plans that a connection keeps; each takes memory for every partition. */
    private static final int PLANS_MAX = 64;

    private final HikariDataSource writing;
    private final HikariDataSource reading;
    private final PositionGate gate;
    private final List<HttpModule> modules;
    private final JournalProjector projector;
    private final Thread thread;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Prepares the service; nothing is connected before {@link #start()}.
     *
     * @param kafka settings of the consumer, with {@code bootstrap.servers}
     * @param topics the ledger's topics, of which the journal is read
     * @param router of as many shards as the journal has partitions
     * @param health gets the component {@code projection-postgres/projector}
     * @param metrics gets the projector's figures and the pools'
     */
    public PostgresProjection(
            Map<String, String> kafka,
            Topics topics,
            Router router,
            PostgresSettings postgres,
            ProjectorSettings settings,
            Health health,
            Metrics metrics) {
        writing = writing(postgres);
        reading = reading(postgres);
        writing.setMetricRegistry(metrics.registry());
        reading.setMetricRegistry(metrics.registry());
        Snapshots snapshots = new Snapshots(reading);
        gate = PositionGate.polling(router.shards(), WAITERS_MAX, snapshots, POSITION_POLL);
        modules = modules(snapshots, router, gate);
        projector = new JournalProjector(
                kafka,
                topics.journal(),
                settings,
                new HistoryStore(writing),
                new SchemaMigration(migrating(postgres)),
                new ProjectorMetrics(metrics.registry()),
                health.component(NAME + "/projector"),
                position -> gate.update(position.shard(), position.sequence()));
        thread = Thread.ofPlatform().name(NAME).daemon().unstarted(this::project);
    }

    private void project() {
        try {
            projector.run();
        } catch (Error e) {
            stopped.completeExceptionally(e);
            throw e;
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    /** The routes of this projection. */
    static List<HttpModule> modules(Snapshots snapshots, Router router, PositionGate gate) {
        Shards shards = new Shards(router);
        Requests requests = new Requests(gate);
        return List.of(
                new HistoryApi(snapshots, shards, requests),
                new BalancesApi(snapshots, shards, requests),
                new StatementApi(snapshots, shards, requests),
                new ReportsApi(snapshots, shards, requests));
    }

    @Override
    public List<HttpModule> modules() {
        return modules;
    }

    @Override
    public void start() {
        if (!closed.get() && started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    /**
     * Completes when the service has been closed, or exceptionally when the projector ran into an {@link Error}. A journal that does
     * not fit the store only fails the projector's health: what the store has can still be asked for.
     */
    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        projector.close();
        try {
            // A statement that hangs in the database ends when its connection does; a migration goes on until the
            // process ends.
            if (started.get() && !thread.join(CLOSE_MAX)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        gate.close();
        reading.close();
        writing.close();
        stopped.complete(null);
    }

    /**
     * Connections whose statements may take as long as they take, as an index of all history does. No pool: what a migration that
     * failed leaves open would be missing in it for ever.
     */
    static DataSource migrating(PostgresSettings postgres) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(postgres.url());
        dataSource.setUser(postgres.username());
        dataSource.setPassword(postgres.password());
        dataSource.setConnectTimeout(Math.max(1, (int) postgres.connectTimeout().toSeconds()));
        dataSource.setApplicationName(NAME + "-migrating");
        dataSource.setTcpKeepAlive(true);
        return dataSource;
    }

    private static HikariDataSource writing(PostgresSettings postgres) {
        HikariConfig config = pool(postgres, "writing", WRITERS_MAX);
        config.addDataSourceProperty("socketTimeout", WRITE_TIMEOUT_SECONDS);
        config.addDataSourceProperty("options", HistoryStore.OPTIONS);
        return new HikariDataSource(config);
    }

    /** Connections whose transactions each see one snapshot. */
    static HikariDataSource reading(PostgresSettings postgres) {
        HikariConfig config = pool(postgres, "reading", postgres.readersMax());
        config.setAutoCommit(false);
        config.setReadOnly(true);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.addDataSourceProperty(
                "options", "-c statement_timeout=" + QUERY_TIMEOUT_MILLIS + " " + Snapshots.OPTIONS);
        config.addDataSourceProperty("prepareThreshold", 1);
        config.addDataSourceProperty("preparedStatementCacheQueries", PLANS_MAX);
        return new HikariDataSource(config);
    }

    static HikariConfig pool(PostgresSettings postgres, String name, int connectionsMax) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(NAME + "-" + name);
        config.setJdbcUrl(postgres.url());
        config.setUsername(postgres.username());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(connectionsMax);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(postgres.connectTimeout().toMillis());
        // The service starts without its database, and waits for it.
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", config.getPoolName());
        config.addDataSourceProperty("tcpKeepAlive", true);
        return config;
    }
}
