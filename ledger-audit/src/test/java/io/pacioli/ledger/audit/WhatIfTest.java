package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.Definitions;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What would have been: exactly what was when nothing changes, and exactly the difference when something does. */
final class WhatIfTest {
    private static final int STEPS = 4_000;
    private static final Asset GOLD = new Asset("GOLD", "GOLD", "", "", 2, null);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingIsDifferentWhenNothingChanges(long seed) {
        ScratchLife life = new ScratchLife(seed);
        life.live(STEPS);

        WhatIfReport report = whatIf(life, new From.Start(), Definitions.NONE);

        assertThat(report.isSame()).as(report.toString()).isTrue();
        assertThat(report.outcomes()).isGreaterThan(STEPS / 5);
        assertThat(report.changes()).isEmpty();
        assertThat(report.entriesThen())
                .isEqualTo(life.ledger().fold().entries())
                .isEqualTo(report.entriesNow());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void nothingIsDifferentWhileTheLedgerGoesOn(long seed) {
        ScratchLife life = new ScratchLife(seed);
        life.live(STEPS / 2);
        life.goesOn();

        assertThat(whatIf(life, new From.Start(), Definitions.NONE).isSame()).isTrue();
    }

    /** Whatever is changed, the other ledger keeps the rules: it applies its entries with all checks, and its sums are zero. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void whateverChangesIsDecidedByTheRules(long seed) {
        ScratchLife life = new ScratchLife(seed);
        life.live(STEPS);
        Definitions definitions = definitions("{'assets':{'GOLD':{'maxSupply':'500'},'TINY':{'maxSupply':null}},"
                + "'accounts':{'alice':{'limits':{'GOLD':'-50'}},'bob':{'maxBalances':{'GOLD':'20'}},"
                + "'carol':{'limits':{},'maxBalances':{}}}}");

        WhatIfReport report = whatIf(life, new From.Start(), definitions);

        assertThat(report.outcomesDifferent()).isPositive();
        assertThat(report.balancesDifferent()).isPositive();
        assertThat(report.supplies())
                .filteredOn(supply -> supply.asset().code().equals("GOLD"))
                .singleElement()
                .satisfies(supply -> assertThat(supply.now()).isLessThanOrEqualTo(BigInteger.valueOf(500)));
        assertThat(report.changes().stream()
                        .mapToLong(WhatIfReport.Change::count)
                        .sum())
                .isEqualTo(report.outcomesDifferent());
    }

    @Test
    void aLowerLimitOfTheSupplyStopsTheMintBeyondIt() {
        ScratchLedger ledger = new ScratchLedger();
        ledger.define("GOLD", 2);
        ledger.submit(mint("m1", "a0", 600));
        ledger.submit(mint("m2", "a1", 600));
        ledger.submit(mint("m3", "a0", 400));
        ledger.submit(transfer("t1", "a1", "a0", 100));

        WhatIfReport report = whatIf(ledger, new From.Start(), definitions("{'assets':{'GOLD':{'maxSupply':'1000'}}}"));

        assertThat(report.changes())
                .containsExactlyInAnyOrder(
                        new WhatIfReport.Change("ACCEPTED", "MAX_SUPPLY_EXCEEDED", 1),
                        new WhatIfReport.Change("ACCEPTED", "ACCOUNT_NOT_OPEN", 1));
        assertThat(report.firstOutcomes())
                .extracting(WhatIfReport.OutcomeDifference::commandId)
                .containsExactly("m2", "t1");
        assertThat(report.supplies())
                .singleElement()
                .isEqualTo(new WhatIfReport.Supply(GOLD, BigInteger.valueOf(1_600), BigInteger.valueOf(1_000)));
        assertThat(balance(report, "a0")).containsExactly(1_100L, 1_000L);
        assertThat(balance(report, "a1")).containsExactly(500L, 0L);
        assertThat(report.outcomes()).isEqualTo(5);
    }

    /** The payee's ceiling is on another shard than the payer: the money is sent, comes back, and is there for the next transfer. */
    @Test
    void moneyThatComesBackNowIsSpentByWhatWasRejectedThen() {
        ScratchLedger ledger = new ScratchLedger();
        ledger.define("GOLD", 2);
        String payer = on(ledger, 0, "payer");
        String payee = on(ledger, 1, "payee");
        String other = on(ledger, 2, "other");
        ledger.submit(mint("m1", payer, 100));
        ledger.submit(transfer("t1", payer, payee, 100));
        ledger.submit(transfer("t2", payer, other, 60));

        WhatIfReport report = whatIf(
                ledger, new From.Start(), definitions("{'accounts':{'" + payee + "':{'maxBalances':{'GOLD':'99'}}}}"));

        assertThat(report.changes()).containsExactly(new WhatIfReport.Change("INSUFFICIENT_FUNDS", "ACCEPTED", 1));
        assertThat(balance(report, payer)).containsExactly(0L, 40L);
        assertThat(balance(report, payee)).containsExactly(100L, 0L);
        assertThat(balance(report, other)).containsExactly(0L, 60L);
    }

    @Test
    void aCreditLineIsUsedFromThePlaceOnWhereItIsGiven() {
        ScratchLedger ledger = new ScratchLedger();
        ledger.define("GOLD", 2);
        ledger.submit(new Command.OpenAccount("o", "a0", AccountLimits.DEFAULT, Map.of()));
        ledger.submit(transfer("t1", "a0", "a1", 10));
        int shard = ledger.shardOf("a0");
        long next = ledger.state(shard).header().sequence() + 1;
        long middle = ledger.nowMillis();
        ledger.pass(1_000);
        ledger.submit(transfer("t2", "a0", "a1", 10));
        Definitions definitions = definitions("{'accounts':{'a0':{'limits':{'GOLD':'-15'}}}}");

        for (From from :
                List.of(From.Sequences.of(List.of(new Position(shard, next))), new From.Instant(middle + 500))) {
            WhatIfReport report = whatIf(ledger, from, definitions);

            assertThat(report.firstOutcomes())
                    .extracting(WhatIfReport.OutcomeDifference::commandId)
                    .containsExactly("t2");
            assertThat(report.outcomes()).isEqualTo(1);
            assertThat(balance(report, "a0")).containsExactly(0L, -10L);
        }
        WhatIfReport fromStart = whatIf(ledger, new From.Start(), definitions);
        assertThat(fromStart.firstOutcomes())
                .extracting(WhatIfReport.OutcomeDifference::commandId)
                .as("the credit is spent by the first")
                .containsExactly("t1");
    }

    @Test
    void aJournalThatIsNotAsDecidedIsRefused() {
        ScratchLedger ledger = ScratchLedger.inUse();
        ledger.journal(1).remove(5);

        assertThatThrownBy(() -> whatIf(ledger, new From.Start(), Definitions.NONE))
                .isInstanceOf(AuditException.class)
                .hasMessageContaining("see ledger audit");
    }

    @Test
    void whatWouldChangeNothingIsRefused() {
        for (String wrong : List.of(
                "{'asset':{}}",
                "{'assets':{'GOLD':{'maxsupply':'1'}}}",
                "{'accounts':{'a':{'limits':{'GOLD':'x'}}}}",
                "{'assets':{'gold':{'decimals':1}}}",
                "{'assets':{'GOLD':{'decimals':19}}}",
                "[]")) {
            assertThatThrownBy(() -> definitions(wrong)).as(wrong).isInstanceOf(MalformedException.class);
        }
    }

    private static List<Long> balance(WhatIfReport report, String account) {
        return report.firstBalances().stream()
                .filter(difference -> difference.account().equals(account))
                .flatMap(difference -> List.of(
                        difference.then().available().longValueExact(),
                        difference.now().available().longValueExact())
                        .stream())
                .toList();
    }

    private static WhatIfReport whatIf(ScratchLife life, From from, Definitions definitions) {
        return new WhatIf(() -> ScratchTopics.consumer(life.ledger(), life::goOn), Topics.DEFAULT, from, definitions)
                .run(Progress.NONE);
    }

    private static WhatIfReport whatIf(ScratchLedger ledger, From from, Definitions definitions) {
        return new WhatIf(() -> ScratchTopics.consumer(ledger), Topics.DEFAULT, from, definitions).run(Progress.NONE);
    }

    private static Definitions definitions(String json) {
        return Definitions.decode(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String on(ScratchLedger ledger, int shard, String name) {
        int number = 0;
        while (ledger.shardOf(name + number) != shard) {
            number++;
        }
        return name + number;
    }

    private static Command mint(String id, String to, long amount) {
        return new Command.Mint(id, "GOLD", to, Amount.of(amount), Map.of());
    }

    private static Command transfer(String id, String from, String to, long amount) {
        return new Command.Transfer(id, "GOLD", from, to, Amount.of(amount), "", Map.of());
    }
}
