package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.JournalData;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HistoryBatchTest {
    private final ScriptedLedger ledger = new ScriptedLedger(2);
    private final String payer = ledger.accountOn(0, "payer");

    private List<ScriptedLedger.Journaled> shard(int shard) {
        return ledger.journal().stream()
                .filter(record -> record.shard() == shard)
                .toList();
    }

    @Test
    void keepsTheLastBalanceOfEachHolding() {
        ledger.define("GOLD", payer, 1_000);
        String other = ledger.accountOn(0, "other");
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, other, 10));
        ledger.run(ScriptedLedger.transfer("t2", "GOLD", payer, other, 5));

        HistoryBatch batch = ScriptedLedger.batch(ledger.journal());
        HoldingChange paid =
                Objects.requireNonNull(batch.holdings().get(new HistoryBatch.HoldingKey(payer, "GOLD", 0)));
        assertThat(paid.balance(Bucket.AVAILABLE)).isEqualTo(985);
        assertThat(paid.balance(Bucket.HELD)).isNull();
        assertThat(paid.version()).isEqualTo(3);
        HoldingChange got = Objects.requireNonNull(batch.holdings().get(new HistoryBatch.HoldingKey(other, "GOLD", 0)));
        assertThat(got.balance(Bucket.AVAILABLE)).isEqualTo(15);
        assertThat(got.version()).isEqualTo(2);
        assertThat(batch.size()).isEqualTo(ledger.journal().size());
    }

    @Test
    void anAccountComesToBeOnceByCreditAndIsOpenedByCommand() {
        ledger.define("GOLD", payer, 1_000);
        ledger.open(payer, "GOLD", 5_000);
        HistoryBatch batch = ScriptedLedger.batch(ledger.journal());
        HistoryBatch.AccountRow row =
                Objects.requireNonNull(batch.accounts().get(new HistoryBatch.AccountKey(payer, 0)));
        HistoryBatch.Opening opened = Objects.requireNonNull(row.opened());
        assertThat(row.sinceMillis()).isLessThan(opened.atMillis());
        assertThat(opened.data())
                .contains("\"maxBalances\":{\"GOLD\":\"5000\"}")
                .contains("\"tier\":\"gold\"");
    }

    /** The status of the payer that the last entries of the journal tell. */
    private @Nullable AccountStatus status(int entries) {
        List<ScriptedLedger.Journaled> records = shard(0);
        HistoryBatch batch = ScriptedLedger.batch(records.subList(records.size() - entries, records.size()));
        return Objects.requireNonNull(batch.accounts().get(new HistoryBatch.AccountKey(payer, 0)))
                .status();
    }

    @Test
    void theLastChangeOfAStatusCountsAndAnOpeningEndsOnlyAClosure() {
        ledger.define("GOLD", payer, 1_000);
        ledger.run(ScriptedLedger.freeze("freeze", payer));
        ledger.open(payer, "GOLD", 5_000);
        assertThat(status(1)).isNull();
        assertThat(status(2)).isEqualTo(AccountStatus.FROZEN);
        ledger.run(ScriptedLedger.unfreeze("unfreeze", payer));
        assertThat(status(3)).isEqualTo(AccountStatus.OPEN);
        ledger.run(ScriptedLedger.transfer("empty", "GOLD", payer, ledger.accountOn(0, "other"), 1_000));
        ledger.run(ScriptedLedger.close("close", payer));
        assertThat(status(5)).isEqualTo(AccountStatus.CLOSED);
        ledger.run(new Command.OpenAccount("again", payer, AccountLimits.DEFAULT, Map.of()));
        assertThat(status(1)).isNull();
        assertThat(status(2)).isEqualTo(AccountStatus.OPEN);
    }

    @Test
    void runsOfShardsMayAlternate() {
        ledger.define("GOLD", payer, 1_000);
        for (int i = 0; i < 20; i++) {
            ledger.run(ScriptedLedger.transfer("t" + i, "GOLD", payer, "someone" + i, 1));
        }
        HistoryBatch batch = ScriptedLedger.batch(ledger.journal());
        assertThat(batch.runs()).hasSize(2).allSatisfy(run -> {
            assertThat(run.first()).isEqualTo(1);
            assertThat(run.last()).isEqualTo(ledger.sequence(run.shard()));
            assertThat(run.nextOffset()).isEqualTo(2 * run.last() + 1);
        });
    }

    @Test
    void aGapIsRefused() {
        ledger.define("GOLD", payer, 1_000);
        ledger.open("a", "GOLD", 1);
        ledger.open("b", "GOLD", 1);
        List<ScriptedLedger.Journaled> records = shard(0);
        HistoryBatch batch = ScriptedLedger.batch(records.subList(0, 1));
        ScriptedLedger.Journaled third = records.get(2);
        assertThatThrownBy(() -> batch.add(third.value(), 0, third.offset()))
                .isInstanceOf(InvariantViolation.class)
                .hasMessage("the journal must be gapless: position=0:3 last=1");
    }

    @Test
    void aBrokenChainIsRefused() {
        ledger.define("GOLD", payer, 1_000);
        ScriptedLedger another = new ScriptedLedger(2);
        another.define("SILVER", payer, 1_000);
        another.define("GOLD", payer, 1_000);
        HistoryBatch batch = ScriptedLedger.batch(shard(0));
        ScriptedLedger.Journaled next = another.journal().stream()
                .filter(record -> record.shard() == 0)
                .toList()
                .get(shard(0).size());
        assertThatThrownBy(() -> batch.add(next.value(), 0, next.offset()))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("one chain of hashes");
    }

    @Test
    void anEntryOfAnotherShardIsRefused() {
        ScriptedLedger.Journaled first = shard(0).getFirst();
        assertThatThrownBy(() -> new HistoryBatch().add(first.value(), 1, 0))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("partition of its shard");
    }

    @Test
    void whatIsNoEntryIsRefused() {
        byte[] bytes = "{\"v\":1}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new HistoryBatch().add(bytes, 0, 0)).isInstanceOf(MalformedException.class);
    }

    @Test
    void theDataOfARecordIsFoundWhereverItStands() {
        for (String json : List.of(
                "{\"data\":{\"a\":\"}\\\"{🦊\"},\"x\":1}",
                "{\"é🦊\": {\"data\": 1}, \"data\" : {\"a\":\"}\\\"{🦊\"} }",
                "{\"list\":[{\"data\":{}}],\"data\":{\"a\":\"}\\\"{🦊\"}}")) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            assertThat(JournalData.find(bytes).text(bytes)).isEqualTo("{\"a\":\"}\\\"{🦊\"}");
        }
        byte[] none = "{\"data\":7}".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> JournalData.find(none)).isInstanceOf(MalformedException.class);
    }
}
