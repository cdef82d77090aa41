package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.InvariantViolation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HistoryStoreIT {
    private static final int SHARDS = 3;

    private final ScriptedLedger ledger = new ScriptedLedger(SHARDS);
    private final Database database = Database.migrated();
    private final HistoryStore store = new HistoryStore(database.writing());

    @BeforeEach
    void moveMoney() {
        String rich = ledger.accountOn(0, "rich");
        ledger.define("GOLD", rich, 1_000_000);
        ledger.open(ledger.accountOn(1, "capped"), "GOLD", 10);
        for (int i = 0; i < 200; i++) {
            ledger.run(ScriptedLedger.transfer("t" + i, "GOLD", rich, "ann" + i % 17, 100 + i));
            ledger.run(ScriptedLedger.transfer("u" + i, "GOLD", "ann" + i % 17, "bob" + i % 5, 90 + i));
        }
        ledger.run(ScriptedLedger.hold("hold", "GOLD", rich, 500));
        ledger.run(ScriptedLedger.capture("capture", "hold", rich, 200, "ann0"));
        ledger.run(ScriptedLedger.reverse("reverse", "capture", "ann0", 50));
        ledger.run(ScriptedLedger.transact(
                "trade", ScriptedLedger.leg("GOLD", rich, "ann1", 7), ScriptedLedger.leg("GOLD", "ann1", "bob2", 6)));
        ledger.run(ScriptedLedger.transfer("back", "GOLD", rich, ledger.accountOn(1, "capped"), 11));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private List<ScriptedLedger.Journaled> journal() {
        return ledger.journal();
    }

    @Test
    void balancesEqualTheFoldOfTheJournal() {
        int half = journal().size() / 2;
        assertThat(store.write(ScriptedLedger.batch(journal().subList(0, half)))).isInstanceOf(HistoryStore.Written.Committed.class);
        assertThat(store.write(ScriptedLedger.batch(journal().subList(half, journal().size()))))
                .isInstanceOf(HistoryStore.Written.Committed.class);

        assertThat(database.holdings()).isEqualTo(ledger.holdings());
        assertThat(database.count("entries")).isEqualTo(journal().size());
        assertThat(database.fetch("SELECT asset FROM ledger.postings GROUP BY asset HAVING sum(amount) <> 0"))
                .isEmpty();
        assertThat(database.fetch("SELECT 1 FROM ledger.postings GROUP BY account, shard"
                        + " HAVING max(version) <> count(*) OR min(version) <> 1"))
                .isEmpty();
        assertThat(database.count("accounts"))
                .isEqualTo(database.number("SELECT count(*) FROM (SELECT account, shard FROM ledger.postings"
                        + " UNION SELECT account, shard FROM ledger.accounts) a"));
    }

    private String status(String account) {
        return database.fetch("SELECT status FROM ledger.accounts WHERE account = '" + account + "'")
                .formatCSV(false);
    }

    @Test
    void anAccountHasTheStatusThatItsEntriesGaveItHoweverTheyAreBatched() {
        String rich = ledger.accountOn(0, "rich");
        int before = journal().size();
        ledger.run(ScriptedLedger.freeze("freeze", rich));
        ledger.open(rich, "GOLD", 5_000_000);
        ledger.run(ScriptedLedger.unfreeze("unfreeze", rich));
        ledger.open("empty", "GOLD", 10);
        ledger.run(ScriptedLedger.close("close", "empty"));
        ledger.run(new Command.OpenAccount(
                "again", "empty", new AccountLimits(Map.of(), Map.of("GOLD", Amount.of(20))), Map.of()));
        ledger.run(ScriptedLedger.freeze("refreeze", "empty"));

        store.write(ScriptedLedger.batch(journal().subList(0, before)));
        List<String> statuses = new ArrayList<>();
        for (ScriptedLedger.Journaled record :
                journal().subList(before, journal().size())) {
            store.write(ScriptedLedger.batch(List.of(record)));
            statuses.add((status(rich) + status("empty")).strip().replace("\n", " "));
        }
        assertThat(statuses)
                .containsExactly("frozen", "frozen", "open", "open open", "open closed", "open open", "open frozen");
        String one = database.everything();

        for (int size = 2; size <= journal().size() - before; size++) {
            database.execute("DELETE FROM ledger.positions");
            store.write(ScriptedLedger.batch(journal().subList(0, before)));
            for (int from = before; from < journal().size(); from += size) {
                store.write(ScriptedLedger.batch(
                        journal().subList(from, Math.min(from + size, journal().size()))));
            }
            assertThat(database.everything()).isEqualTo(one);
        }
        assertThat(database.fetch("SELECT limits, max_balances, metadata FROM ledger.accounts WHERE account = 'empty'")
                        .formatCSV(false))
                .isEqualTo("\"\",\"{\"\"GOLD\"\": \"\"20\"\"}\",\"\"\n");
    }

    @Test
    void aBatchDeliveredTwiceChangesNothing() {
        HistoryBatch batch = ScriptedLedger.batch(journal());
        store.write(batch);
        String before = database.everything();

        assertThat(store.write(batch))
                .isInstanceOfSatisfying(
                        HistoryStore.Written.Elsewhere.class,
                        elsewhere -> assertThat(elsewhere.stored().values()).allSatisfy(stored -> {
                            assertThat(stored.sequence()).isEqualTo(ledger.sequence(stored.shard()));
                            assertThat(stored.nextOffset()).isEqualTo(2 * stored.sequence() + 1);
                        }));
        assertThat(database.everything()).isEqualTo(before);
    }

    @Test
    void aBatchThatSkipsEntriesChangesNothing() {
        List<ScriptedLedger.Journaled> later =
                journal().stream().filter(record -> record.shard() == 0).skip(5).toList();

        assertThat(store.write(ScriptedLedger.batch(later)))
                .isInstanceOfSatisfying(
                        HistoryStore.Written.Elsewhere.class,
                        elsewhere -> assertThat(elsewhere.stored()).containsEntry(0, StoredPosition.none(0)));
        assertThat(database.count("entries")).isZero();
    }

    @Test
    void aBatchThatIsNotChainedToTheStoreIsRefused() {
        List<ScriptedLedger.Journaled> shard =
                journal().stream().filter(record -> record.shard() == 0).toList();
        store.write(ScriptedLedger.batch(shard.subList(0, 10)));
        byte[] other =
                Hash.of("another journal".getBytes(StandardCharsets.UTF_8)).bytes();
        database.execute(
                "UPDATE ledger.positions SET hash = decode('" + HexFormat.of().formatHex(other) + "', 'hex')");

        assertThatThrownBy(() -> store.write(ScriptedLedger.batch(shard.subList(10, 20))))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("one chain of hashes")
                .hasMessageContaining("0:11");
        assertThat(database.count("entries")).isEqualTo(10);
    }

    @Test
    void aShardWhosePositionIsGoneIsFoldedAgain() {
        store.write(ScriptedLedger.batch(journal()));
        String before = database.everything();
        database.execute("DELETE FROM ledger.positions WHERE shard = 1");

        assertThat(store.positions(List.of(1))).containsEntry(1, StoredPosition.none(1));
        store.write(
                ScriptedLedger.batch(journal().stream().filter(record -> record.shard() == 1).toList()));
        assertThat(database.everything()).isEqualTo(before);
    }

    @Test
    void ofTwoWritersOneWrites() {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<CompletableFuture<Boolean>> writers = IntStream.range(0, 2)
                    .mapToObj(i -> CompletableFuture.supplyAsync(this::writesAll, threads))
                    .toList();
            assertThat(writers.stream().filter(CompletableFuture::join)).hasSize(1);
        }
        assertThat(database.holdings()).isEqualTo(ledger.holdings());
        assertThat(database.count("entries")).isEqualTo(journal().size());
    }

    private boolean writesAll() {
        try {
            return store.write(ScriptedLedger.batch(journal())) instanceof HistoryStore.Written.Committed;
        } catch (DataAccessException e) {
            // Both found the shard untouched, and the other one claimed it first.
            return false;
        }
    }

    @Test
    void textComesBackAsItWas() {
        String odd = "\\N\\\\tab|\"quotes\"'ünï©ödé🦊{}";
        String memo = "back\\slash \"quoted\" 'single' 🧾 \\t\\n\\. end";
        ledger.run(ScriptedLedger.transfer(
                "odd", "GOLD", ledger.accountOn(0, "rich"), odd, 1, memo, Map.of("k\\", "\"🦊\"")));
        store.write(ScriptedLedger.batch(journal()));

        assertThat(database.fetch("SELECT DISTINCT account FROM ledger.postings WHERE counterparty LIKE 'rich%'")
                        .getValues(0, String.class))
                .contains(odd);
        assertThat(database.fetch("SELECT data ->> 'memo', data -> 'metadata' ->> 'k\\' FROM ledger.entries"
                                + " WHERE command_id = 'odd' ORDER BY at LIMIT 1")
                        .getFirst()
                        .intoArray())
                .containsExactly(memo, "\"🦊\"");
        assertThat(database.fetch("SELECT name, emoji, metadata ->> 'who' FROM ledger.assets")
                        .getFirst()
                        .intoArray())
                .containsExactly("Gold ✨", "🪙", "mint \"x\\");
    }

    @Test
    void everyTableViewAndColumnIsExplained() {
        store.write(ScriptedLedger.batch(journal()));
        assertThat(database.fetch("""
                        SELECT c.relname, a.attname
                        FROM pg_class c
                        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum >= 0 AND NOT a.attisdropped
                        WHERE c.relnamespace = 'ledger'::regnamespace AND c.relkind IN ('r', 'p', 'v')
                          AND c.relname <> 'flyway_schema_history'
                          AND (col_description(c.oid, a.attnum) IS NULL
                               OR (obj_description(c.oid, 'pg_class') IS NULL AND NOT c.relispartition))
                        UNION ALL
                        SELECT p.proname, null FROM pg_proc p
                        WHERE p.pronamespace = 'ledger'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
                        """)).isEmpty();
    }
}
