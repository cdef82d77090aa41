package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.testkit.workload.Workload;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RollupsIT {
    private static final int SHARDS = 3;
    private static final long HOUR_MILLIS = 3_600_000;

    private final Database database = Database.migrated();
    private final HistoryStore store = new HistoryStore(database.writing());

    @AfterEach
    void close() {
        database.close();
    }

    /** A journal of everything that the ledger does, over some days with quiet hours in between. */
    private static ScriptedLedger ledger(long seed, int commands) {
        ScriptedLedger ledger = new ScriptedLedger(SHARDS);
        Workload workload = new Workload(seed);
        Random random = new Random(seed);
        for (int i = 0; i < commands; i++) {
            if (random.nextInt(12) == 0) {
                ledger.pass(random.nextLong(3 * HOUR_MILLIS));
            }
            ledger.runWithoutTransit(workload.next(ledger.nextMillis()));
            while (random.nextInt(3) > 0 && ledger.deliverOneTransit()) {
                ledger.pass(random.nextInt(100));
            }
        }
        ledger.deliverTransit();
        return ledger;
    }

    private void write(List<ScriptedLedger.Journaled> records) {
        assertThat(store.write(ScriptedLedger.batch(records))).isInstanceOf(HistoryStore.Written.Committed.class);
    }

    @Test
    void figuresAreWhatANaiveCountGivesHoweverEntriesAreBatched() {
        boolean mintsCameBack = false;
        boolean transfersCameBack = false;
        for (long seed = 1; seed <= 6; seed++) {
            ScriptedLedger ledger = ledger(seed, 1_000);
            List<ScriptedLedger.Journaled> journal = ledger.journal();
            NaiveRollups naive = NaiveRollups.of(journal);
            mintsCameBack |= naive.hasNegativeMint();
            transfersCameBack |= naive.hasReturns();
            database.execute("DELETE FROM ledger.positions");
            Random random = new Random(seed);
            int most = List.of(3, 20, 300, journal.size(), 50, 1_000).get((int) seed - 1);
            for (int from = 0; from < journal.size(); ) {
                int to = Math.min(journal.size(), from + 1 + random.nextInt(most));
                write(journal.subList(from, to));
                from = to;
            }
            assertThat(NaiveRollups.stored(database)).as("seed %s", seed).isEqualTo(naive.toString());
            assertThat(database.holdings()).isEqualTo(ledger.holdings());
            assertThat(database.fetch("""
                            SELECT asset FROM (SELECT asset, sum(minted - burned) AS net FROM ledger.activity
                                               WHERE grain = 'day' GROUP BY asset) a
                            JOIN ledger.v_assets USING (asset) WHERE net <> supply""")).isEmpty();
        }
        assertThat(mintsCameBack).isTrue();
        assertThat(transfersCameBack).isTrue();
    }

    @Test
    void shardsMayBeFoldedOneAfterAnotherAndAgain() {
        ScriptedLedger ledger = ledger(7, 2_000);
        for (int shard = 0; shard < SHARDS; shard++) {
            int number = shard;
            write(ledger.journal().stream()
                    .filter(record -> record.shard() == number)
                    .toList());
        }
        String once = database.everything();
        assertThat(NaiveRollups.stored(database))
                .isEqualTo(NaiveRollups.of(ledger.journal()).toString());
        assertThat(database.count("entry_metadata")).isPositive();

        database.execute("DELETE FROM ledger.positions WHERE shard = 1");
        write(ledger.journal().stream().filter(record -> record.shard() == 1).toList());
        assertThat(database.everything()).isEqualTo(once);
    }

    @Test
    void aHoldingChangedLastWhenItsLastPostingSays() {
        write(ledger(8, 1_500).journal());
        assertThat(database.fetch("""
                        SELECT account FROM ledger.balances b
                        JOIN (SELECT account, asset, shard, max(at) AS at, max(version) AS version
                              FROM ledger.postings GROUP BY account, asset, shard) p USING (account, asset, shard)
                        WHERE b.at <> p.at OR b.version <> p.version""")).isEmpty();
    }

    @Test
    void everyMemberOfTheMetadataOfAnEntryHasARow() {
        write(ledger(9, 1_500).journal());
        assertThat(database.fetch("""
                        SELECT shard, sequence, at, key, value FROM ledger.entries,
                               jsonb_each_text(jsonb_path_query_first(data, '$.** ? (exists (@.metadata)).metadata'))
                        EXCEPT SELECT shard, sequence, at, key, value FROM ledger.entry_metadata""")).isEmpty();
        assertThat(database.fetch("""
                        SELECT shard, sequence, at, key, value FROM ledger.entry_metadata
                        EXCEPT SELECT shard, sequence, at, key, value FROM ledger.entries,
                               jsonb_each_text(jsonb_path_query_first(data, '$.** ? (exists (@.metadata)).metadata'))""")).isEmpty();
        assertThat(database.count("entry_metadata")).isPositive();
    }

    @Test
    void viewsTellTheSameAsTheFigures() {
        write(ledger(10, 1_500).journal());
        assertThat(database.fetch("""
                        SELECT asset, starts, transfers, volume, minted, burned FROM ledger.v_activity_daily
                        WHERE transfers <> 0 OR minted > 0 OR burned > 0
                        EXCEPT
                        SELECT asset, date_trunc('day', at, 'UTC'), count(*) FILTER (WHERE kind NOT IN ('mint', 'burn')),
                               coalesce(sum(amount) FILTER (WHERE kind NOT IN ('mint', 'burn')), 0),
                               coalesce(sum(amount) FILTER (WHERE kind = 'mint'), 0) - coalesce(sum(back) FILTER (WHERE kind = 'mint'), 0),
                               coalesce(sum(amount) FILTER (WHERE kind = 'burn'), 0) - coalesce(sum(back) FILTER (WHERE kind = 'burn'), 0)
                        FROM (SELECT asset, at, kind, amount, 0 AS back FROM ledger.v_transfers
                              UNION ALL
                              SELECT data ->> 'asset', at, kind, 0, (data ->> 'amount')::numeric FROM ledger.v_entries
                              WHERE type = 'TransferReturned' AND kind IN ('mint', 'burn')) m
                        GROUP BY 1, 2""")).isEmpty();
        assertThat(database.fetch("SELECT status, count(*) > 0 AS is_any FROM ledger.v_transfers GROUP BY 1 ORDER BY 1")
                        .formatCSV(false))
                .isEqualTo("posted,true\nreceived,true\nreturned,true\n");
        assertThat(database.number("SELECT count(*) FROM ledger.v_transfers WHERE status = 'returned'"))
                .isEqualTo(database.number("SELECT count(*) FROM ledger.entries WHERE type = 'TransferReturned'"));
        assertThat(database.number("SELECT count(*) FROM ledger.v_trial_balance WHERE total = 0 AND clearing = 0"))
                .isEqualTo(database.number("SELECT count(DISTINCT asset) FROM ledger.balances"));
        assertThat(database.number("SELECT sum(rejections) FROM ledger.v_rejections_daily"))
                .isEqualTo(database.count("v_rejections"));
        assertThat(database.fetch("SELECT position FROM ledger.v_postings p JOIN ledger.assets a USING (asset)"
                        + " WHERE p.amount_decimal * power(10::numeric, a.decimals) <> p.amount"))
                .isEmpty();
    }

    @Test
    void aDecimalPointChangesNoDigit() {
        assertThat(database.fetch("""
                        SELECT ledger.as_decimal(99999999999999999999999999999999999999, 18)::text,
                               ledger.as_decimal(-1, 18)::text, ledger.as_decimal(1250, 2)::text, ledger.as_decimal(7, 0)::text""").formatCSV(false))
                .isEqualTo("99999999999999999999.999999999999999999,-0.000000000000000001,12.50,7\n");
    }
}
