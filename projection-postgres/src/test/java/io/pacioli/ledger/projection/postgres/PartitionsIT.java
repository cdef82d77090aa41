package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pacioli.ledger.testkit.workload.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PartitionsIT {
    private static final int SHARDS = 4;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private final ScriptedLedger ledger = new ScriptedLedger(SHARDS);
    private final Workload workload = new Workload(3);
    private final Database database = Database.migrated();
    private final HistoryStore store = new HistoryStore(database.writing());

    @AfterEach
    void close() {
        database.close();
    }

    private List<ScriptedLedger.Journaled> journal() {
        return ledger.journal();
    }

    private List<ScriptedLedger.Journaled> journalOf(int shard) {
        return journal().stream().filter(record -> record.shard() == shard).toList();
    }

    /** Commands over some months, from November 2026. */
    private void run(int commands, long days) {
        for (int i = 0; i < commands; i++) {
            ledger.run(workload.next(ledger.nextMillis()));
            ledger.pass(days * DAY_MILLIS / commands);
        }
    }

    private void write(List<ScriptedLedger.Journaled> records) {
        assertThat(store.write(ScriptedLedger.batch(records))).isInstanceOf(HistoryStore.Written.Committed.class);
    }

    private String partitionsOf(String table) {
        return database.fetch("SELECT partition_name FROM ledger.v_partitions WHERE table_name = '" + table
                        + "' ORDER BY starts")
                .formatCSV(false);
    }

    @Test
    void oneBatchMayFillSeveralMonthsAndTheNextOneIsReady() {
        run(400, 65);
        write(journal());

        for (String table : List.of("entries", "postings", "rejections", "entry_metadata")) {
            assertThat(partitionsOf(table))
                    .isEqualTo("T_2026_11\nT_2026_12\nT_2027_01\nT_2027_02\n".replace("T", table));
        }
        assertThat(database.count("entries")).isEqualTo(journal().size());
        assertThat(database.holdings()).isEqualTo(ledger.holdings());
        assertThat(database.number(
                        "SELECT count(*) FROM ledger.entries_2026_12 WHERE at >= '2026-12-01Z' AND at < '2027-01-01Z'"))
                .isPositive()
                .isEqualTo(database.count("entries_2026_12"));
        assertThat(database.count("entries_2027_02")).isZero();
    }

    @Test
    void monthsAreThoseOfUtcWhateverTheConnectionSpeaks() {
        ledger.pass(OffsetDateTime.parse("2026-11-30T23:59:59.990Z").toInstant().toEpochMilli() - ledger.nextMillis());
        run(30, 0);
        HikariConfig elsewhere = new HikariConfig();
        database.writing().copyStateTo(elsewhere);
        elsewhere.setConnectionInitSql("SET timezone = 'Pacific/Auckland'");
        try (HikariDataSource auckland = new HikariDataSource(elsewhere)) {
            new HistoryStore(auckland).write(ScriptedLedger.batch(journal()));
        }
        assertThat(database.number("SELECT count(*) FROM ledger.entries_2026_11 WHERE at < '2026-12-01Z'"))
                .isPositive()
                .isEqualTo(database.count("entries_2026_11"));
        assertThat(database.count("entries_2026_12"))
                .isPositive()
                .isEqualTo(journal().size() - database.count("entries_2026_11"));
        assertThat(NaiveRollups.stored(database))
                .isEqualTo(NaiveRollups.of(journal()).toString());
    }

    @Test
    void projectorsThatNeedTheSamePartitionsAtOnceAllGetThem() {
        for (int round = 0; round < 5; round++) {
            int before = round == 0 ? 0 : journal().size();
            run(100, 70);
            List<ScriptedLedger.Journaled> added =
                    journal().subList(before, journal().size());
            CyclicBarrier together = new CyclicBarrier(SHARDS);
            try (ExecutorService threads = Executors.newFixedThreadPool(SHARDS)) {
                List<CompletableFuture<HistoryStore.Written>> writers = IntStream.range(0, SHARDS)
                        .mapToObj(shard -> ScriptedLedger.batch(added.stream()
                                .filter(record -> record.shard() == shard)
                                .toList()))
                        .map(batch -> CompletableFuture.supplyAsync(() -> writeWith(batch, together), threads))
                        .toList();
                assertThat(writers)
                        .allSatisfy(
                                writer -> assertThat(writer.join()).isInstanceOf(HistoryStore.Written.Committed.class));
            }
        }
        assertThat(database.holdings()).isEqualTo(ledger.holdings());
        assertThat(database.count("entries")).isEqualTo(journal().size());
        assertThat(NaiveRollups.stored(database))
                .isEqualTo(NaiveRollups.of(journal()).toString());
    }

    /** Each with a store of its own, as projectors in several processes have. */
    private HistoryStore.Written writeWith(HistoryBatch batch, CyclicBarrier together) {
        try {
            together.await();
            return new HistoryStore(database.writing()).write(batch);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aReaderInTheMiddleOfItsTransactionKeepsNobodyFromMakingPartitions() throws SQLException {
        run(100, 10);
        write(journal());
        int before = journal().size();
        run(100, 100);
        try (Connection reader = database.reading().getConnection()) {
            Dsl.of(reader)
                    .fetch("SELECT count(*) FROM ledger.entries JOIN ledger.postings USING (shard, sequence, at)");
            CompletableFuture<Void> written = CompletableFuture.runAsync(
                    () -> write(journal().subList(before, journal().size())));
            Await.until("the batch is written while the reader goes on", written::isDone);
            assertThat(Dsl.of(reader).fetchValue("SELECT count(*) FROM ledger.entries"))
                    .isEqualTo((long) before);
            reader.rollback();
            written.join();
        }
        assertThat(database.count("entries")).isEqualTo(journal().size());
    }

    private List<String> detachBefore(String time) {
        return database.fetch("SELECT * FROM ledger.detach_partitions_before('" + time + "')")
                .getValues(0, String.class);
    }

    @Test
    void whatIsBeforeTheHorizonIsTakenAwayAndNothingElseChanges() {
        run(400, 65);
        write(journal());
        String balances = database.fetch("SELECT * FROM ledger.balances ORDER BY 1, 2, 3, 4")
                .formatCSV();
        String rollups = NaiveRollups.stored(database);
        long january = database.number("SELECT count(*) FROM ledger.entries WHERE at >= '2027-01-01Z'");

        assertThat(detachBefore("2027-01-15T00:00:00Z"))
                .contains("entries_2026_11", "postings_2026_12", "entry_metadata_2026_12", "rejections_2026_11")
                .hasSize(8);
        assertThat(database.number("SELECT count(*) FROM ledger.retention WHERE horizon = '2027-01-01Z'"))
                .isEqualTo(1);
        assertThat(database.count("entries")).isEqualTo(january).isPositive();
        assertThat(database.number("SELECT count(*) FROM ledger_detached.entries_2026_11")
                        + database.number("SELECT count(*) FROM ledger_detached.entries_2026_12"))
                .isEqualTo(journal().size() - january);
        assertThat(database.fetch("SELECT * FROM ledger.balances ORDER BY 1, 2, 3, 4")
                        .formatCSV())
                .isEqualTo(balances);
        assertThat(NaiveRollups.stored(database)).isEqualTo(rollups);
        assertThat(detachBefore("2027-01-15T00:00:00Z")).isEmpty();
    }

    @Test
    void balancesAsOfATimeAfterTheHorizonStayExact() {
        run(500, 80);
        write(journal());
        List<String> times =
                List.of("2027-01-01T00:00:00Z", "2027-01-10T12:00:00Z", "2027-01-31T23:59:59.999Z", "2028-01-01Z");
        List<String> before = times.stream().map(this::balancesAt).toList();
        detachBefore("2027-01-01T00:00:00Z");
        assertThat(times.stream().map(this::balancesAt)).isEqualTo(before);
        assertThat(before.getFirst()).isNotEqualTo(before.getLast());
        assertThat(before.getLast().lines()).hasSizeGreaterThan(20);
    }

    /** The balance after the last posting until then, else that before the first one after, else that of now. */
    private String balancesAt(String time) {
        return database.fetch("""
                        SELECT * FROM (
                            SELECT b.shard, b.account, b.asset, bucket.name, coalesce(
                                (SELECT p.balance FROM ledger.postings p
                                 WHERE (p.account, p.asset, p.bucket, p.shard) = (b.account, b.asset, bucket.name, b.shard)
                                   AND p.at <= t.at
                                 ORDER BY p.at DESC, p.version DESC LIMIT 1),
                                (SELECT p.balance - p.amount FROM ledger.postings p
                                 WHERE (p.account, p.asset, p.bucket, p.shard) = (b.account, b.asset, bucket.name, b.shard)
                                   AND p.at > t.at
                                 ORDER BY p.at, p.version LIMIT 1),
                                CASE bucket.name WHEN 'available' THEN b.available WHEN 'held' THEN b.held
                                                 WHEN 'locked' THEN b.locked ELSE b.staked END) AS balance
                            FROM ledger.balances b, unnest(enum_range(null::ledger.bucket)) AS bucket (name),
                                 (SELECT '%s'::timestamptz AS at) AS t) x
                        WHERE balance <> 0 ORDER BY 1, 2, 3, 4""".formatted(time)).formatCSV();
    }

    @Test
    void aShardThatIsFoldedAgainStaysWithinTheHorizon() {
        run(300, 65);
        write(journal());
        detachBefore("2027-01-01T00:00:00Z");
        String before = database.everything();

        for (int shard = 0; shard < SHARDS; shard++) {
            database.execute("DELETE FROM ledger.positions WHERE shard = " + shard);
            for (ScriptedLedger.Journaled record : journalOf(shard).subList(0, 20)) {
                write(List.of(record));
            }
            write(journalOf(shard).subList(20, journalOf(shard).size()));
            assertThat(database.everything()).isEqualTo(before);
        }
        assertThat(partitionsOf("entries")).isEqualTo("entries_2027_01\nentries_2027_02\n");

        int written = journal().size();
        run(100, 60);
        write(journal().subList(written, journal().size()));
        assertThat(database.holdings()).isEqualTo(ledger.holdings());
        assertThat(NaiveRollups.stored(database))
                .isEqualTo(NaiveRollups.of(journal()).toString());
        detachBefore("2027-02-01T00:00:00Z");
        assertThat(partitionsOf("entries")).startsWith("entries_2027_02\n");
    }

    @Test
    void theFutureIsNotDetached() {
        assertThatThrownBy(() -> detachBefore("2026-11-01T00:00:00Z"))
                .hasMessageContaining("must not be later than the newest entry");
        run(100, 20);
        write(journal());
        assertThatThrownBy(() -> detachBefore("2027-01-01T00:00:00Z"))
                .hasMessageContaining("must not be later than the newest entry");
        assertThat(partitionsOf("entries")).contains("entries_2026_11");
    }

    /** A projector that has just started does not know which partitions there are, and a new month may begin. */
    @Test
    void aDetachThatWaitsKeepsNobodyFromStartingOrFromBeginningAMonth() throws Exception {
        run(300, 65);
        write(journal());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Connection reader = database.reading().getConnection()) {
            Dsl.of(reader).fetch("SELECT count(*) FROM ledger.postings");
            CompletableFuture<List<String>> detached =
                    CompletableFuture.supplyAsync(() -> detachBefore("2027-01-01T00:00:00Z"), threads);
            for (int month = 0; month < 3; month++) {
                int written = journal().size();
                run(50, 31);
                HistoryBatch batch = ScriptedLedger.batch(
                        journal().subList(written, journal().size()));
                CompletableFuture<HistoryStore.Written> begun =
                        CompletableFuture.supplyAsync(() -> new HistoryStore(database.writing()).write(batch), threads);
                assertThat(begun.get(20, TimeUnit.SECONDS)).isInstanceOf(HistoryStore.Written.Committed.class);
            }
            assertThat(detached).isNotDone();
            reader.rollback();
            assertThat(detached.get()).hasSize(8);
        }
        assertThat(partitionsOf("entries")).startsWith("entries_2027_01").contains("entries_2027_04");
        assertThat(database.holdings()).isEqualTo(ledger.holdings());
    }

    @Test
    void monthsBeforeTheHorizonGetNoPartitions() {
        run(100, 65);
        write(journal());
        detachBefore("2027-01-01T00:00:00Z");
        database.execute("SELECT ledger.make_partitions('2026-12-31T23:59:59.999Z')");
        assertThat(partitionsOf("entries")).startsWith("entries_2027_01");
        database.execute("SELECT ledger.make_partitions('2027-01-01T00:00:00Z')");
    }

    @Test
    void monthsAreDetachedAlsoWhenThoseOfAnEarlierSchemaAreStillThere() {
        run(100, 65);
        for (int rebuilt = 0; rebuilt < 3; rebuilt++) {
            database.execute("DROP SCHEMA ledger CASCADE");
            new SchemaMigration(database.writing()).run();
            new HistoryStore(database.writing()).write(ScriptedLedger.batch(journal()));
            String number = rebuilt == 0 ? "" : "_" + (rebuilt + 1);
            assertThat(detachBefore("2026-12-01T00:00:00Z"))
                    .containsExactlyInAnyOrder(
                            "entries_2026_11" + number,
                            "postings_2026_11" + number,
                            "rejections_2026_11" + number,
                            "entry_metadata_2026_11" + number);
        }
        assertThat(database.number("SELECT count(*) FROM ledger_detached.entries_2026_11_3"))
                .isPositive()
                .isEqualTo(database.number("SELECT count(*) FROM ledger_detached.entries_2026_11"));
    }

    @Test
    void detachingWaitsForReadersAndWritersWithoutGettingInTheirWay() throws Exception {
        run(300, 65);
        write(journal());
        int written = journal().size();
        run(200, 3);
        try (Connection reader = database.reading().getConnection()) {
            Dsl.of(reader).fetch("SELECT count(*) FROM ledger.postings");
            CompletableFuture<List<String>> detached =
                    CompletableFuture.supplyAsync(() -> detachBefore("2027-01-01T00:00:00Z"));
            List<ScriptedLedger.Journaled> added =
                    new ArrayList<>(journal().subList(written, journal().size()));
            for (int from = 0; from < added.size(); from += 40) {
                write(added.subList(from, Math.min(added.size(), from + 40)));
                Dsl.of(reader).fetch("SELECT count(*) FROM ledger.entries");
            }
            assertThat(detached).isNotDone();
            reader.rollback();
            assertThat(detached.get()).hasSize(8);
        }
        assertThat(database.holdings()).isEqualTo(ledger.holdings());
    }
}
