package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.testkit.workload.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class PostgresProjectionIT {
    private static final int SHARDS = 4;
    private static final int INSTANCES = 3;
    private static final long HALF_HOUR_MILLIS = 1_800_000;
    private static final long BREAK_MAX_NANOS = 400_000_000;

    /** Room for a busy machine, and not enough for a session of 10 s. */
    private static final Duration REPLACED_MAX = Duration.ofSeconds(8);

    private static final Logger LOG = LoggerFactory.getLogger(PostgresProjectionIT.class);

    private final ScriptedLedger ledger = new ScriptedLedger(SHARDS);
    private final JournalTopic journal = new JournalTopic(SHARDS);
    private final List<Instance> instances = new ArrayList<>();
    private final PostgresSettings settings = Database.fresh();
    private int transfers;

    /** A running projection with what it reports. */
    private record Instance(PostgresProjection projection, Health health, Metrics metrics) {
        Health.Report report() {
            return health.reports().getFirst();
        }

        double applied() {
            return metrics.registry()
                    .get("ledger.projection.postgres.entries")
                    .counter()
                    .count();
        }

        void stop() {
            projection.close();
            metrics.close();
        }
    }

    @AfterEach
    void close() {
        instances.forEach(Instance::stop);
        journal.close();
    }

    private Instance start(PostgresSettings postgres) {
        return start(postgres, journal, journal.kafka());
    }

    private Instance start(PostgresSettings postgres, JournalTopic topic, Map<String, String> kafka) {
        Health health = new Health();
        Metrics metrics = new Metrics();
        ProjectorSettings projector = ProjectorSettings.DEFAULT
                .withGroupId(topic.group())
                .withBatch(500, 1 << 20)
                .withBackoffMax(Duration.ofMillis(500));
        PostgresProjection projection =
                new PostgresProjection(kafka, topic.topics(), ledger.router(), postgres, projector, health, metrics);
        Instance instance = new Instance(projection, health, metrics);
        instances.add(instance);
        projection.start();
        return instance;
    }

    private void transfer(int count) {
        if (transfers == 0) {
            ledger.define("GOLD", "rich", 1_000_000_000);
        }
        for (int i = 0; i < count; i++) {
            int number = transfers++;
            ledger.run(ScriptedLedger.transfer("t" + number, "GOLD", "rich", "ann" + number % 53, 100));
            ledger.run(ScriptedLedger.transfer("u" + number, "GOLD", "ann" + number % 53, "bob" + number % 7, 99));
        }
        journal.write(ledger);
    }

    private void awaitAll(Database database) {
        Await.until("the store has the whole journal", () -> sequences(database).equals(sequences()));
        assertThat(database.holdings()).isEqualTo(ledger.holdings());
        assertThat(database.count("entries")).isEqualTo(ledger.journal().size());
        assertThat(NaiveRollups.stored(database))
                .isEqualTo(NaiveRollups.of(ledger.journal()).toString());
    }

    private Map<Integer, Long> sequences() {
        Map<Integer, Long> sequences = new HashMap<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            sequences.put(shard, ledger.sequence(shard));
        }
        return sequences;
    }

    private static Map<Integer, Long> sequences(Database database) {
        Map<Integer, Long> sequences = new HashMap<>();
        try {
            for (var row : database.fetch("SELECT shard, sequence FROM ledger.positions")) {
                sequences.put(row.get("shard", Integer.class), row.get("sequence", Long.class));
            }
        } catch (DataAccessException | IllegalStateException e) {
            // Not migrated yet, or away.
            return Map.of();
        }
        return sequences;
    }

    @Test
    void theJournalIsFoldedAndAfterARestartWhereItStopped() throws Exception {
        transfer(100);
        journal.writeAborted(ledger.journal().getFirst());
        try (Database database = new Database(settings)) {
            Instance first = start(settings);
            awaitAll(database);
            Await.until("up", () -> first.report().status() == Health.Status.UP);
            Await.until("no lag", () -> first.report().detail().equals("shards=4 lag=0"));
            assertThat(first.metrics().registry().scrape())
                    .contains("ledger_projection_postgres_lag{shard=\"3\"} 0.0")
                    .contains("ledger_projection_postgres_entries_total");
            first.stop();

            transfer(50);
            Instance second = start(settings);
            awaitAll(database);
            assertThat(first.applied() + second.applied())
                    .isEqualTo(ledger.journal().size());
        }
    }

    /** More than one read brings, so that several transactions are under way at a time. */
    @Test
    void whatIsFarBehindIsFoldedOnceInWhicheverTransactions() {
        transfer(1_000);
        assertThat(ledger.journal()).hasSizeGreaterThan(3_000);
        try (Database database = new Database(settings)) {
            Instance instance = start(settings);
            awaitAll(database);
            assertThat(instance.applied()).isEqualTo(ledger.journal().size());
            instance.stop();
            String inParts = everythingButOffsets(database);
            database.execute("DROP SCHEMA ledger CASCADE");
            new SchemaMigration(database.writing()).run();
            assertThat(new HistoryStore(database.writing()).write(ScriptedLedger.batch(ledger.journal())))
                    .isInstanceOf(HistoryStore.Written.Committed.class);
            assertThat(inParts).isEqualTo(everythingButOffsets(database));
        }
    }

    /** The offsets in the topic are not those that the ledger of this test gives its records. */
    private static String everythingButOffsets(Database database) {
        database.execute("UPDATE ledger.positions SET next_offset = 0");
        return database.everything();
    }

    @Test
    void twoInstancesShareTheShardsAndTakeOver() {
        transfer(20);
        try (Database database = new Database(settings)) {
            Instance first = start(settings);
            Instance second = start(settings);
            Await.until(
                    "both have shards",
                    () -> first.report().detail().startsWith("shards=2")
                            && second.report().detail().startsWith("shards=2"));
            transfer(200);
            awaitAll(database);
            assertThat(second.applied()).isPositive();
            first.stop();
            transfer(200);
            awaitAll(database);
            Await.until(
                    "the other has taken over", () -> second.report().detail().startsWith("shards=4"));
            assertThat(first.applied() + second.applied())
                    .isEqualTo(ledger.journal().size());
        }
    }

    @Test
    void anInstanceThatIsKilledIsReplacedWithinSeconds() throws Exception {
        transfer(20);
        try (Database database = new Database(settings)) {
            Instance survivor = start(settings);
            awaitAll(database);
            KilledProjector.with(SHARDS / 2, journal, SHARDS, settings);
            long killedNanos = System.nanoTime();
            // What it says of itself may be from the middle of the hand-over before.
            Await.until(
                    "it has its own shards alone",
                    () -> survivor.report().detail().startsWith("shards=2 "));

            transfer(200);
            Await.until(
                    "it is replaced", REPLACED_MAX, () -> sequences(database).equals(sequences()));
            LOG.info("Replaced after {} ms", (System.nanoTime() - killedNanos) / 1_000_000);
            awaitAll(database);
            Await.until("all are taken over", () -> survivor.report().detail().startsWith("shards=4 "));
        }
    }

    @Test
    void brokersThatAllowNoShortSessionAreAskedForALongerOne() {
        ServerConfig config = ServerConfig.fresh().withSetting("group.min.session.timeout.ms", "6000");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(config);
                JournalTopic strict = new JournalTopic(SHARDS, kafka.bootstrapServers());
                Database database = new Database(settings)) {
            ledger.define("GOLD", "rich", 1_000_000);
            strict.write(ledger);
            Instance instance = start(settings, strict, strict.kafka());
            awaitAll(database);
            Await.until("up", () -> instance.report().status() == Health.Status.UP);
            instance.stop();
        }
    }

    @Test
    void anOperatorsOwnSessionIsNotReplacedWhenBrokersRefuseIt() {
        Map<String, String> kafka = new HashMap<>(journal.kafka());
        kafka.put("session.timeout.ms", "2000");
        Instance instance = start(settings, journal, kafka);
        Instant started = Instant.now();
        Await.until("refused", () -> instance.report().detail().contains("group.min.session.timeout.ms"));
        assertThat(instance.report().status()).isEqualTo(Health.Status.DOWN);
        assertThat(instance.report().since()).as("never up").isBefore(started);
        assertThat(instance.projection().stopped()).isNotDone();
    }

    @Test
    void instancesThatComeAndGoUnderLoadLoseAndDoubleNothing() {
        long seed = 20_261_125;
        Random random = new Random(seed);
        Workload workload = new Workload(seed);
        try (Database database = new Database(settings)) {
            List<Instance> running = new ArrayList<>();
            for (int round = 0; round < 60; round++) {
                for (int i = 0; i < 40; i++) {
                    ledger.run(workload.next(ledger.nextMillis()));
                    ledger.pass(random.nextLong(HALF_HOUR_MILLIS));
                }
                journal.write(ledger);
                if (running.size() < INSTANCES && (running.isEmpty() || random.nextInt(3) > 0)) {
                    running.add(start(settings));
                } else if (random.nextInt(2) > 0) {
                    running.remove(random.nextInt(running.size())).stop();
                }
                LockSupport.parkNanos(random.nextLong(BREAK_MAX_NANOS));
            }
            if (running.isEmpty()) {
                start(settings);
            }
            awaitAll(database);
            assertThat(database.fetch("SELECT shard FROM ledger.entries GROUP BY shard"
                            + " HAVING min(sequence) <> 1 OR max(sequence) <> count(*)"))
                    .as("gapless, seed %s", seed)
                    .isEmpty();
            assertThat(database.fetch("SELECT account FROM ledger.postings GROUP BY account, shard"
                            + " HAVING min(version) <> 1 OR max(version) <> count(*)"))
                    .isEmpty();
            assertThat(instances.stream().mapToDouble(Instance::applied).sum())
                    .isEqualTo(ledger.journal().size());
            assertThat(instances).hasSizeGreaterThan(INSTANCES);
        }
    }

    @Test
    void nothingIsLostOrDoubledWhenTheDatabaseGoesAway(@TempDir Path directory) {
        ServerConfig config = ServerConfig.in(directory.resolve("postgres"));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(config);
        int port = postgres.port();
        PostgresSettings own = PostgresSettings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        try (Database database = new Database(own)) {
            transfer(300);
            Instance instance = start(own);
            Await.until("it has begun", () -> !sequences(database).isEmpty());
            postgres.close();
            Await.until("down", () -> instance.report().status() == Health.Status.DOWN);
            transfer(300);
            assertThat(instance.report().detail()).startsWith("the store failed");
            postgres = EmbeddedPostgres.start(config.withPort(port));
            awaitAll(database);
            Await.until("up", () -> instance.report().status() == Health.Status.UP);
        } finally {
            instances.forEach(Instance::stop);
            postgres.close();
        }
    }

    @Test
    void itStartsBeforeTheDatabaseIsThere(@TempDir Path directory) {
        ServerConfig config = ServerConfig.in(directory.resolve("postgres"));
        EmbeddedPostgres postgres = EmbeddedPostgres.start(config);
        PostgresSettings own = PostgresSettings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        int port = postgres.port();
        postgres.close();
        transfer(10);
        Instance instance = start(own);
        Await.until("down", () -> instance.report().detail().startsWith("the store failed"));
        postgres = EmbeddedPostgres.start(config.withPort(port));
        try (Database database = new Database(own)) {
            awaitAll(database);
        } finally {
            instance.stop();
            postgres.close();
        }
    }

    @Test
    void anEmptiedOrOlderStoreIsFilledAgain() {
        transfer(100);
        try (Database database = new Database(settings)) {
            start(settings);
            awaitAll(database);

            database.execute("TRUNCATE ledger.positions, ledger.entries, ledger.postings, ledger.balances,"
                    + " ledger.accounts, ledger.assets, ledger.rejections, ledger.entry_metadata, ledger.activity,"
                    + " ledger.rejection_counts");
            awaitAll(database);

            database.execute("DROP SCHEMA ledger CASCADE");
            awaitUntilShardsMove(database);

            String backup = "CREATE SCHEMA backup; CREATE TABLE backup.positions AS TABLE ledger.positions;"
                    + " CREATE TABLE backup.balances AS TABLE ledger.balances;"
                    + " CREATE TABLE backup.accounts AS TABLE ledger.accounts;"
                    + " CREATE TABLE backup.activity AS TABLE ledger.activity";
            database.execute(backup);
            transfer(100);
            awaitAll(database);
            database.execute("""
                    BEGIN;
                    LOCK TABLE ledger.positions;
                    DELETE FROM ledger.entries e USING backup.positions p WHERE p.shard = e.shard AND e.sequence > p.sequence;
                    DELETE FROM ledger.entry_metadata e USING backup.positions p WHERE p.shard = e.shard AND e.sequence > p.sequence;
                    DELETE FROM ledger.postings e USING backup.positions p WHERE p.shard = e.shard AND e.sequence > p.sequence;
                    TRUNCATE ledger.balances, ledger.accounts, ledger.activity, ledger.positions;
                    INSERT INTO ledger.balances SELECT * FROM backup.balances;
                    INSERT INTO ledger.accounts SELECT * FROM backup.accounts;
                    INSERT INTO ledger.activity SELECT * FROM backup.activity;
                    INSERT INTO ledger.positions SELECT * FROM backup.positions;
                    COMMIT
                    """);
            awaitUntilShardsMove(database);
        }
    }

    /** A projector that is busy notices at its next batch, so every shard gets one. */
    private void awaitUntilShardsMove(Database database) {
        Await.until("every shard goes on", () -> {
            transfer(5);
            return sequences(database).size() == SHARDS;
        });
        transfer(50);
        awaitAll(database);
    }

    @Test
    void itClosesWithoutHavingStarted() {
        Health health = new Health();
        try (Metrics metrics = new Metrics()) {
            PostgresProjection projection = new PostgresProjection(
                    journal.kafka(),
                    journal.topics(),
                    ledger.router(),
                    settings,
                    ProjectorSettings.DEFAULT,
                    health,
                    metrics);
            projection.close();
            projection.close();
            assertThat(projection.stopped()).isCompleted();
        }
    }

    @Test
    void aGapStopsTheProjectorLoudly() {
        transfer(10);
        try (Database database = new Database(settings)) {
            Instance instance = start(settings);
            awaitAll(database);
            Map<Integer, Long> before = sequences();
            for (int shard = 0; shard < SHARDS; shard++) {
                ledger.open(ledger.accountOn(shard, "lost"), "GOLD", 10);
            }
            journal.skip(ledger);
            transfer(10);
            Await.until("failed", () -> instance.report().status() == Health.Status.FAILED);
            assertThat(instance.report().detail()).contains("the journal must be gapless");
            assertThat(sequences(database)).isEqualTo(before);
        }
    }
}
