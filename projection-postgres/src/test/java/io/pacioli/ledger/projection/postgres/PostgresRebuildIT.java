package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.RebuildException;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.testkit.TestPostgres;
import io.pacioli.ledger.testkit.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresRebuildIT {
    private static final int SHARDS = 3;

    private final ScriptedLedger ledger = new ScriptedLedger(SHARDS);
    private final JournalTopic journal = new JournalTopic(SHARDS);
    private final PostgresSettings settings = fresh();
    private final Database database = new Database(settings);
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(journal, database));
    private int transfers;

    private static void unheard(String phase) {}

    /** A database of its own: others are made beside it and take its name. */
    private static PostgresSettings fresh() {
        TestPostgres postgres = TestServices.postgres();
        return PostgresSettings.of(postgres.freshDatabase(), postgres.username(), postgres.password());
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened.reversed()) {
            closeable.close();
        }
    }

    private void transfer(int count) {
        if (transfers == 0) {
            ledger.define("GOLD", "rich", 1_000_000_000);
        }
        for (int i = 0; i < count; i++) {
            int number = transfers++;
            ledger.run(ScriptedLedger.transfer("t" + number, "GOLD", "rich", "ann" + number % 53, 100));
            ledger.run(ScriptedLedger.transfer("u" + number, "GOLD", "ann" + number % 53, "bob" + number % 7, 99));
            ledger.run(ScriptedLedger.transfer("v" + number, "GOLD", "ann" + number % 53, "bob", 10_000_000));
        }
        journal.write(ledger);
    }

    private void start() {
        Metrics metrics = new Metrics();
        ProjectorSettings projector = ProjectorSettings.DEFAULT
                .withGroupId(journal.group())
                .withBatch(200, 1 << 20)
                .withBackoffMax(Duration.ofMillis(500));
        PostgresProjection projection = new PostgresProjection(
                journal.kafka(), journal.topics(), ledger.router(), settings, projector, new Health(), metrics);
        opened.add(metrics);
        opened.add(projection);
        projection.start();
    }

    private void awaitAll() {
        Await.until("the store has the whole journal", this::hasAll);
        assertThat(database.holdings()).isEqualTo(ledger.holdings());
        assertThat(database.count("entries")).isEqualTo(ledger.journal().size());
        assertThat(NaiveRollups.stored(database))
                .isEqualTo(NaiveRollups.of(ledger.journal()).toString());
    }

    private boolean hasAll() {
        try {
            return IntStream.range(0, SHARDS)
                    .allMatch(shard -> database.number("SELECT coalesce(max(sequence), 0) FROM ledger.positions WHERE"
                                    + " shard = " + shard)
                            == ledger.sequence(shard));
        } catch (DataAccessException | IllegalStateException e) {
            // Not migrated yet, or the connection has just ended.
            return false;
        }
    }

    private RebuildSettings rebuilding() {
        return RebuildSettings.of(journal.kafka(), journal.topics(), ledger.router())
                .withThreads(2);
    }

    private RebuildReport rebuild(RebuildSettings how, Consumer<String> phases) {
        return new PostgresRebuild(how, settings, PostgresRebuild.Options.DEFAULT, phases)
                .run(RebuildProgress.Listener.NONE);
    }

    private RebuildReport repair(String... accounts) {
        return new PostgresRebuild(rebuilding(), settings, PostgresRebuild.Options.DEFAULT, PostgresRebuildIT::unheard)
                .repair(List.of(accounts), RebuildProgress.Listener.NONE);
    }

    private static Map<String, Difference> bySubject(RebuildReport report) {
        Map<String, Difference> differences = new HashMap<>();
        report.first().forEach(difference -> differences.put(difference.subject(), difference));
        return differences;
    }

    private List<String> besides() {
        String name = DatabaseUrl.parse(settings.url()).database();
        return database.fetch("SELECT datname FROM pg_database WHERE datname LIKE '" + name + "\\_%'")
                .getValues(0, String.class);
    }

    /** Fills the store, and stops the projector. */
    private void filled() throws Exception {
        transfer(150);
        start();
        awaitAll();
        opened.removeLast().close();
    }

    @Test
    void theNewOneIsTheSameAsTheOld() throws Exception {
        filled();
        String before = database.everything();
        RebuildReport report = rebuild(rebuilding(), PostgresRebuildIT::unheard);

        assertThat(report.first()).isEmpty();
        assertThat(report.isSwapped()).isTrue();
        assertThat(report.compared()).isGreaterThan(ledger.journal().size());
        assertThat(report.positions())
                .isEqualTo(IntStream.range(0, SHARDS)
                        .mapToObj(shard -> new Position(shard, ledger.sequence(shard)))
                        .toList());
        assertThat(database.everything()).isEqualTo(before);
        assertThat(besides()).isEmpty();
        List<String> rebuilt = indexes();
        database.execute("DROP SCHEMA ledger CASCADE");
        new SchemaMigration(database.writing()).run();
        assertThat(new HistoryStore(database.writing()).write(ScriptedLedger.batch(ledger.journal())))
                .isInstanceOf(HistoryStore.Written.Committed.class);
        assertThat(rebuilt).isEqualTo(indexes());
    }

    private List<String> indexes() {
        return database.fetch("SELECT indexdef || CASE WHEN indexname LIKE '%\\_20%' THEN ''"
                        + " ELSE coalesce(obj_description((schemaname || '.' || indexname)::regclass), '') END"
                        + " || (SELECT indisvalid FROM pg_index WHERE indexrelid ="
                        + " (schemaname || '.' || indexname)::regclass)"
                        + " FROM pg_indexes WHERE schemaname = 'ledger' ORDER BY 1")
                .getValues(0, String.class);
    }

    @Test
    void everyDifferenceIsToldAndGone() throws Exception {
        filled();
        String before = database.everything();
        database.execute("UPDATE ledger.balances SET available = available + 7 WHERE account = 'ann3'");
        database.execute("DELETE FROM ledger.postings WHERE account = 'ann4' AND version = 1");
        database.execute("UPDATE ledger.entries SET kind = 'mint' WHERE command_id = 't9'");
        database.execute("DELETE FROM ledger.accounts WHERE account = 'bob2'");
        database.execute("UPDATE ledger.activity SET volume = volume + 1 WHERE grain = 'day'");
        database.execute("DELETE FROM ledger.rejections WHERE command_id = 'v5'");

        RebuildReport dry = rebuild(rebuilding().comparingOnly(), PostgresRebuildIT::unheard);
        assertThat(dry.isSwapped()).isFalse();
        RebuildReport report = rebuild(rebuilding(), PostgresRebuildIT::unheard);

        assertThat(report.first()).isEqualTo(dry.first());
        Map<String, Difference> found = bySubject(report);
        assertThat(found).containsKeys("balances ann3 GOLD", "accounts bob2");
        assertThat(found.get("balances ann3 GOLD")).satisfies(difference -> {
            assertThat(difference.stored()).startsWith("available=");
            assertThat(difference.rebuilt()).startsWith("available=");
        });
        assertThat(found.keySet())
                .anyMatch(subject -> subject.startsWith("postings ann4 GOLD available, version 1"))
                .anyMatch(subject -> subject.startsWith("entries "))
                .anyMatch(subject -> subject.startsWith("activity GOLD in the day"))
                .anyMatch(subject -> subject.startsWith("rejections "));
        assertThat(database.everything()).isEqualTo(before);
        assertThat(besides()).isEmpty();
    }

    @Test
    void valuesThatTwoRowsHaveExchangedAreFound() throws Exception {
        filled();
        database.execute(
                "UPDATE ledger.entries AS one SET cause = other.cause FROM ledger.entries AS other"
                        + " WHERE one.shard = 0 AND other.shard = 0 AND one.sequence IN (3, 4) AND other.sequence = 7 - one.sequence");

        RebuildReport report = rebuild(rebuilding().comparingOnly(), PostgresRebuildIT::unheard);

        assertThat(bySubject(report)).containsOnlyKeys("entries 3", "entries 4");
    }

    @Test
    void singleAccountsArePutRight() throws Exception {
        filled();
        String before = database.everything();
        database.execute("UPDATE ledger.balances SET available = available + 7 WHERE account = 'ann3'");
        database.execute("DELETE FROM ledger.postings WHERE account = 'ann4' AND version = 1");
        database.execute("DELETE FROM ledger.entries WHERE (shard, sequence) IN"
                + " (SELECT shard, sequence FROM ledger.postings WHERE account = 'ann5')");
        database.execute("DELETE FROM ledger.accounts WHERE account = 'bob2'");
        database.execute("UPDATE ledger.balances SET available = 1 WHERE account LIKE '@clearing/1/%'");

        RebuildReport report = repair("ann3", "ann4", "ann5", "bob2", "@clearing/1/GOLD");

        assertThat(bySubject(report))
                .containsKeys("balances ann3 GOLD", "accounts bob2", "balances @clearing/1/GOLD GOLD");
        assertThat(database.everything()).isEqualTo(before);
        assertThat(repair("ann3", "bob2").first()).isEmpty();
        assertThat(rebuild(rebuilding().comparingOnly(), PostgresRebuildIT::unheard)
                        .first())
                .isEmpty();
    }

    @Test
    void oneThatFailsTakesWhatItHasMadeAway() throws Exception {
        filled();
        String before = database.everything();
        for (String phase : List.of("indexing", "comparing", "swapping")) {
            assertThatThrownBy(() -> rebuild(rebuilding(), now -> {
                        if (now.equals(phase)) {
                            throw new IllegalStateException("stopped");
                        }
                    }))
                    .hasMessage("stopped");
            assertThat(database.everything()).isEqualTo(before);
            assertThat(besides()).isEmpty();
        }
    }

    @Test
    void twoAtATimeAreOneTooMany() throws Exception {
        filled();
        try (StagingDatabase first = StagingDatabase.open(settings, "postgres")) {
            first.make();
            assertThatThrownBy(() -> rebuild(rebuilding(), PostgresRebuildIT::unheard))
                    .isInstanceOf(RebuildException.class)
                    .hasMessageStartingWith("another rebuild of the database ")
                    .hasMessageEndingWith(" is under way");
            assertThat(besides()).hasSize(1);
        }
        assertThat(rebuild(rebuilding(), PostgresRebuildIT::unheard).isSwapped())
                .isTrue();
    }

    /** With SIGKILL, in a process of its own. */
    @ParameterizedTest
    @CsvSource({"comparing, false", "HELD, false", "RENAMED, false", "SWAPPED, true"})
    void killedAtAnyMomentItLeavesTheOldOneOrTheNewOne(String moment, boolean isNew) throws Exception {
        filled();
        String right = database.everything();
        database.execute("UPDATE ledger.balances SET available = available + 1 WHERE account = 'ann3'");
        String wrong = database.everything();

        KilledRebuild.at(moment, journal, SHARDS, settings);

        Await.until("questions are answered", this::isReadable);
        assertThat(database.everything()).isEqualTo(isNew ? right : wrong);
        assertThat(besides()).hasSize(1);
        Await.until("the server has noticed, and the next one succeeds", this::isRebuilt);
        assertThat(database.everything()).isEqualTo(right);
        assertThat(besides()).isEmpty();
    }

    private boolean isReadable() {
        try {
            return database.count("balances") > 0;
        } catch (DataAccessException | IllegalStateException e) {
            // The connection has just ended.
            return false;
        }
    }

    private boolean isRebuilt() {
        try {
            return rebuild(rebuilding(), PostgresRebuildIT::unheard).isSwapped();
        } catch (RebuildException e) {
            assertThat(e).hasMessageContaining("under way");
            return false;
        }
    }

    @Test
    void horizonAndGrantsAreCarriedOver() throws Exception {
        transfer(40);
        ledger.pass(Duration.ofDays(40).toMillis());
        transfer(40);
        start();
        Await.until("the store has the whole journal", this::hasAll);
        opened.removeLast().close();
        database.execute("DO $$ BEGIN CREATE ROLE finance; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        database.execute("GRANT USAGE ON SCHEMA ledger TO finance");
        database.execute("GRANT SELECT ON ledger.v_partitions, ledger.postings TO finance WITH GRANT OPTION");
        database.fetch("SELECT ledger.detach_partitions_before((SELECT max(at) FROM ledger.positions))");
        String before = database.everything();
        assertThat(database.number("SELECT count(*) FROM ledger.retention WHERE horizon IS NOT NULL"))
                .isEqualTo(1);

        RebuildReport report = rebuild(rebuilding(), PostgresRebuildIT::unheard);

        assertThat(report.first()).isEmpty();
        assertThat(database.everything()).isEqualTo(before);
        assertThat(database.number("SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'finance'"
                        + " AND table_schema = 'ledger' AND is_grantable = 'YES'"))
                .isEqualTo(2);
        assertThat(report.notes()).singleElement().asString().contains("_previous", "detached months");
        assertThatThrownBy(() -> rebuild(rebuilding(), PostgresRebuildIT::unheard))
                .isInstanceOf(RebuildException.class)
                .hasMessageContaining("_previous");
        database.execute("DROP DATABASE " + besides().getFirst());
    }

    @Test
    void whatIsNotTheLedgersIsNotLost() throws Exception {
        filled();
        database.execute("CREATE TABLE ledger.notes (text text)");
        assertThatThrownBy(() -> rebuild(rebuilding(), PostgresRebuildIT::unheard))
                .isInstanceOf(RebuildException.class)
                .hasMessageContaining("notes");
        database.execute("DROP TABLE ledger.notes");
        database.execute("CREATE SCHEMA sales");
        assertThatThrownBy(() -> rebuild(rebuilding(), PostgresRebuildIT::unheard))
                .isInstanceOf(RebuildException.class)
                .hasMessageContaining("sales");
        assertThat(besides()).isEmpty();
    }

    @Test
    void whatIsTrueForAnotherJournalIsLeftAloneUnlessForced() throws Exception {
        filled();
        String before = database.everything();
        ScriptedLedger other = new ScriptedLedger(SHARDS);
        other.define("TIN", "rich", 1_000);
        try (JournalTopic others = new JournalTopic(SHARDS)) {
            others.write(other);
            RebuildSettings how = RebuildSettings.of(others.kafka(), others.topics(), other.router());
            RebuildReport report = rebuild(how, PostgresRebuildIT::unheard);
            assertThat(report.isSwapped()).isFalse();
            assertThat(report.differences()).isEqualTo(SHARDS);
            assertThat(database.everything()).isEqualTo(before);

            assertThat(rebuild(how.byForce(), PostgresRebuildIT::unheard).isSwapped())
                    .isTrue();
            assertThat(database.holdings()).isEqualTo(other.holdings());
        }
    }

    @Test
    void underLoadNobodySeesThePast() throws Exception {
        transfer(100);
        start();
        awaitAll();
        database.execute("UPDATE ledger.rejections SET message = 'forged' WHERE command_id = 'v5'");
        CountDownLatch closing = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        Thread load = Thread.ofPlatform().start(() -> {
            try {
                do {
                    transfer(5);
                } while (!closing.await(20, TimeUnit.MILLISECONDS));
            } catch (Throwable e) {
                failed.set(e);
            }
        });
        Snapshots snapshots = new Snapshots(database.reading());
        AtomicLong answered = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        Thread reader = Thread.ofPlatform().start(() -> {
            long[] last = new long[SHARDS];
            while (closing.getCount() > 0 && failed.get() == null) {
                try {
                    List<Position> positions = snapshots.read(snapshot -> snapshot.positions(List.of(0, 1, 2)));
                    for (Position position : positions) {
                        if (position.sequence() < last[position.shard()]) {
                            failed.set(new AssertionError(position + " is before " + last[position.shard()]));
                        }
                        last[position.shard()] = position.sequence();
                    }
                    answered.incrementAndGet();
                } catch (DataAccessException e) {
                    refused.incrementAndGet();
                }
            }
        });
        try {
            for (int round = 0; round < 2; round++) {
                RebuildReport report = rebuild(rebuilding(), PostgresRebuildIT::unheard);
                assertThat(report.isSwapped()).isTrue();
                assertThat(report.differences()).as(report.first().toString()).isEqualTo(round == 0 ? 1 : 0);
            }
        } finally {
            closing.countDown();
            load.join(Duration.ofSeconds(30));
            reader.join(Duration.ofSeconds(30));
        }
        assertThat(failed.get()).isNull();
        awaitAll();
        assertThat(answered.get()).isGreaterThan(100);
        // A connection that was used a moment ago is not looked at before it is used again: one question for each and
        // swap.
        assertThat(refused.get()).isLessThan(20);
        assertThat(besides()).isEmpty();
    }
}
