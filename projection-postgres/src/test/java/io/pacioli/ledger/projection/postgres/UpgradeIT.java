package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.testkit.workload.Workload;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UpgradeIT {
    private static final int SHARDS = 3;
    private static final int COMMANDS = 1_500;
    private static final long QUARTER_HOUR_MILLIS = 900_000;

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
        assertThat(indexes()).doesNotContain("_idx").contains("entries_before_type", "postings_before_asset");
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
        return database.fetch("SELECT indexname FROM pg_indexes WHERE schemaname = 'ledger' AND tablename LIKE '%before'")
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

        for (ScriptedLedger.Journaled next : journal().subList(written, journal().size())) {
            assertThatThrownBy(() -> old.write(List.of(next))).hasMessageContaining("folded");
        }
        assertThat(database.everything()).isEqualTo(before);
    }

    @Test
    void itIsReadAndWrittenWhileItIsUpgraded() throws Exception {
        run(COMMANDS);
        migrateTo("2");
        OldStore old = new OldStore(database);
        int half = journal().size() / 2;
        old.write(journal().subList(0, half));
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> writeUntilRefused(old, half, begun), threads);
            CompletableFuture<Void> reader = CompletableFuture.runAsync(
                    () -> {
                        begun.countDown();
                        while (done.getCount() > 0) {
                            long entries = database.number("SELECT count(*) FROM ledger.entries JOIN ledger.postings"
                                    + " USING (shard, sequence, at)");
                            assertThat(entries).isPositive();
                        }
                    },
                    threads);
            begun.await();
            migrate();
            done.countDown();
            reader.get();
            int written = writer.get();
            if (written < journal().size()) {
                store.write(ScriptedLedger.batch(journal().subList(written, journal().size())));
            }
        }
        String upgraded = database.everything();
        assertThat(upgraded).isEqualTo(freshFold(journal()));
    }

    /** Returns how much of the journal the store has then. */
    private int writeUntilRefused(OldStore old, int from, CountDownLatch begun) {
        begun.countDown();
        for (int next = from; next < journal().size(); next++) {
            try {
                old.write(journal().subList(next, next + 1));
            } catch (IllegalStateException e) {
                return next;
            }
        }
        return journal().size();
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
