package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import io.pacioli.ledger.service.ProblemException;
import io.pacioli.ledger.testkit.workload.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpgradeIT {
    private static final int SHARDS = 3;
    private static final int COMMANDS = 1_500;
    private static final long QUARTER_HOUR_MILLIS = 900_000;
    private static final Duration READ_MAX = Duration.ofSeconds(5);

    private final ScriptedLedger ledger = new ScriptedLedger(SHARDS);
    private final Workload workload = new Workload(11);
    private final Database database = new Database(Database.fresh());
    private final HistoryStore store = new HistoryStore(database.writing());

    @AfterEach
    void close() {
        database.close();
    }

    private List<ScriptedLedger.Journaled> journal() {
        return ledger.journal();
    }

    private void run(int commands) {
        for (int i = 0; i < commands; i++) {
            ledger.run(workload.next(ledger.nextMillis()));
            if (i % 10 == 0) {
                ledger.pass(QUARTER_HOUR_MILLIS);
            }
        }
    }

    private void migrateTo(String version) {
        new SchemaMigration(database.writing())
                .configuration()
                .target(version)
                .load()
                .migrate();
    }

    private void migrate() {
        new SchemaMigration(database.writing()).run();
    }

    /** What a projector of now makes of records when it begins with nothing. */
    private String freshFold(List<ScriptedLedger.Journaled> records) {
        Database.fresh();
        migrate();
        new HistoryStore(database.writing()).write(ScriptedLedger.batch(records));
        return database.everything();
    }

    @Test
    void aFilledStoreOfVersionTwoBecomesWhatAFreshOneIsAndGoesOn() {
        run(COMMANDS);
        int old = journal().size();
        migrateTo("2");
        new OldStore(database).write(journal());

        migrate();
        String upgraded = database.everything();
        assertThat(database.fetch("SELECT table_name, partition_name, starts FROM ledger.v_partitions ORDER BY 1")
                        .formatCSV(false))
                .isEqualTo("""
                        entries,entries_before,""
                        entry_metadata,entry_metadata_before,""
                        postings,postings_before,""
                        rejections,rejections_before,""
                        """);
        assertThat(indexes())
                .doesNotContain("_idx")
                .contains(
                        "entries_before_type",
                        "entries_before_command",
                        "postings_before_asset",
                        "postings_before_account");
        run(COMMANDS);
        ledger.pass(40 * 24 * 4 * QUARTER_HOUR_MILLIS);
        run(COMMANDS);
        store.write(ScriptedLedger.batch(journal().subList(old, journal().size())));
        String grown = database.everything();
        assertThat(database.number("SELECT count(*) FROM ledger.v_partitions WHERE starts IS NOT NULL"))
                .isGreaterThanOrEqualTo(8);

        assertThat(grown).isEqualTo(freshFold(journal()));
        assertThat(upgraded).isEqualTo(freshFold(journal().subList(0, old)));
    }

    /** An index that attaching had to build, because it found none that fits, has a name made up by the server. */
    private String indexes() {
        return database.fetch(
                        "SELECT indexname FROM pg_indexes WHERE schemaname = 'ledger' AND tablename LIKE '%before'")
                .formatCSV(false);
    }

    @Test
    void aFilledStoreOfTheFirstVersionIsBroughtUpToDate() {
        run(COMMANDS);
        migrateTo("1");
        database.execute("CREATE TYPE ledger.account_status AS ENUM ('open', 'frozen', 'closed');"
                + " ALTER TABLE ledger.accounts ADD COLUMN status ledger.account_status NOT NULL DEFAULT 'open'");
        new OldStore(database).write(journal());
        database.execute("ALTER TABLE ledger.accounts DROP COLUMN status; DROP TYPE ledger.account_status");

        migrate();
        database.execute("DELETE FROM ledger.accounts");
        String upgraded = database.everything();
        freshFold(journal());
        database.execute("DELETE FROM ledger.accounts");
        assertThat(upgraded).isEqualTo(database.everything());
    }

    @Test
    void anOlderProjectorIsRefusedAndChangesNothing() {
        run(100);
        migrateTo("2");
        OldStore old = new OldStore(database);
        old.write(journal());
        migrate();
        String before = database.everything();
        int written = journal().size();
        run(100);

        for (ScriptedLedger.Journaled next :
                journal().subList(written, journal().size())) {
            assertThatThrownBy(() -> old.write(List.of(next))).hasMessageContaining("folded");
        }
        assertThat(database.everything()).isEqualTo(before);
    }

    @Test
    void itIsReadAndWrittenWhileItIsUpgraded() throws Exception {
        run(2 * COMMANDS);
        migrateTo("2");
        OldStore old = new OldStore(database);
        int quarter = journal().size() / 4;
        old.write(journal().subList(0, quarter));
        AtomicInteger written = new AtomicInteger(quarter);
        AtomicLong reads = new AtomicLong();
        AtomicLong slowestNanos = new AtomicLong();
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CompletableFuture<Boolean> writer =
                    CompletableFuture.supplyAsync(() -> writeUntilRefused(old, written), threads);
            CompletableFuture<Void> reader = CompletableFuture.runAsync(
                    () -> {
                        while (done.getCount() > 0) {
                            long begun = System.nanoTime();
                            assertThat(database.number("SELECT count(*) FROM (SELECT FROM ledger.entries JOIN"
                                            + " ledger.postings USING (shard, sequence, at) LIMIT 100) AS found"))
                                    .isEqualTo(100);
                            slowestNanos.accumulateAndGet(System.nanoTime() - begun, Math::max);
                            reads.incrementAndGet();
                        }
                    },
                    threads);
            try {
                for (String version : List.of("3", "4", "5", "6")) {
                    long readBefore = reads.get();
                    int writtenBefore = written.get();
                    migrateTo(version);
                    Await.until("reads go on", () -> reads.get() > readBefore + 1 || reader.isDone());
                    if (version.equals("3")) {
                        assertThat(written).hasValueGreaterThan(writtenBefore);
                    }
                }
            } finally {
                done.countDown();
            }
            reader.get();
            assertThat(writer.get()).as("the old one has been refused").isTrue();
        }
        assertThat(Duration.ofNanos(slowestNanos.get())).isLessThan(READ_MAX);
        store.write(
                ScriptedLedger.batch(journal().subList(written.get(), journal().size())));
        String upgraded = database.everything();
        assertThat(upgraded).isEqualTo(freshFold(journal()));
    }

    /** Returns whether it was; then, as much of the journal as was told is in the store. */
    private boolean writeUntilRefused(OldStore old, AtomicInteger written) {
        while (written.get() < journal().size()) {
            int next = written.get();
            try {
                old.write(journal().subList(next, next + 1));
            } catch (IllegalStateException e) {
                return true;
            }
            written.incrementAndGet();
        }
        return false;
    }

    /** Rather than wrongly: the new columns and tables are there before they are filled. */
    @Test
    void questionsAreNotAnsweredBeforeAllIsFilled() {
        run(200);
        Snapshots snapshots = new Snapshots(database.reading());
        Shards shards = new Shards(ledger.router());
        AsOf then = new AsOf.Time(Instant.ofEpochMilli(ledger.nextMillis() - QUARTER_HOUR_MILLIS));
        List<Supplier<Found<?>>> questions = List.of(
                () -> new BalanceQueries(snapshots, shards).ofAccount("alice", then, null, 10),
                () -> new ReportQueries(snapshots, shards).activity("GOLD", Grain.day, Asked.ALL),
                () -> new StatementQueries(snapshots, shards).statement("alice", "GOLD", Asked.ALL),
                () -> new PostingPages(snapshots, shards).ofAccount("alice", PostingFilter.ANY, Asked.ALL, null, 10));
        assertThat(questions).allSatisfy(UpgradeIT::isRefused);
        migrateTo("2");
        new OldStore(database).write(journal());
        for (String version : List.of("3", "4")) {
            migrateTo(version);
            assertThat(questions).allSatisfy(UpgradeIT::isRefused);
        }
        assertThatThrownBy(() -> database.execute("SELECT ledger.detach_partitions_before('2026-11-23Z')"))
                .hasMessageContaining("being upgraded");
        migrate();
        assertThat(questions)
                .allSatisfy(question -> assertThat(question.get().answer()).isNotNull());
    }

    private static void isRefused(Supplier<Found<?>> question) {
        ProblemException refused = refusal(question);
        assertThat(refused.problem().status()).isEqualTo(503);
        assertThat(refused.problem().extensions()).containsEntry("code", "STORE_UPGRADING");
    }

    private static ProblemException refusal(Supplier<Found<?>> question) {
        try {
            throw new AssertionError("answered: " + question.get());
        } catch (ProblemException e) {
            return e;
        } catch (DataAccessException e) {
            return Requests.problem(e);
        }
    }

    @Test
    void aMonthMayEndWhileItIsUpgraded() {
        run(100);
        migrateTo("2");
        OldStore old = new OldStore(database);
        old.write(journal());
        int before = journal().size();
        migrateTo("3");
        YearMonth now = YearMonth.from(Instant.ofEpochMilli(Math.max(System.currentTimeMillis(), ledger.nextMillis()))
                .atOffset(ZoneOffset.UTC));
        ledger.pass(now.plusMonths(1)
                        .atDay(2)
                        .atStartOfDay()
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli()
                - ledger.nextMillis());
        run(100);
        old.write(journal().subList(before, journal().size()));
        migrate();
        String upgraded = database.everything();
        assertThat(upgraded).isEqualTo(freshFold(journal()));
    }

    /** An index of all history may take an hour to build. */
    @Test
    void aMigrationMayTakeAsLongAsItTakes() throws SQLException {
        try (Connection connection =
                PostgresProjection.migrating(database.settings()).getConnection()) {
            assertThat(connection.getNetworkTimeout()).isZero();
        }
    }

    @Test
    void anUpgradeThatWasCutShortIsDoneAgain() {
        run(200);
        migrateTo("2");
        new OldStore(database).write(journal());
        database.execute("CREATE UNIQUE INDEX entries_before_pk ON ledger.entries (sequence, shard, at);"
                + " ALTER TABLE ledger.entries ADD CONSTRAINT before CHECK (at < '2100-01-01') NOT VALID;"
                + " INSERT INTO ledger.flyway_schema_history SELECT 3, '3', 'indexes of history', 'SQL',"
                + " 'V3__indexes_of_history.sql', 1, current_user, now(), 1, false");

        migrate();
        String upgraded = database.everything();
        assertThat(upgraded).isEqualTo(freshFold(journal()));
    }
}
