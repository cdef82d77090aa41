package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.START_MILLIS;
import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Transfers that wait, that come too late, and that ask for a balance. */
class ConditionsTest {
    private static final long LATER = START_MILLIS + 100;

    private static Conditions notBefore(long millis) {
        return new Conditions(millis, null, null);
    }

    private static Conditions notAfter(long millis) {
        return new Conditions(null, millis, null);
    }

    private static Conditions balanceAtLeast(long amount) {
        return new Conditions(null, null, Amount.of(amount));
    }

    @Test
    void aTransferThatComesEarlyWaitsAndIsDecidedThen() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "10"))
                .when(transfer("alice", "bob", "4", notBefore(LATER)).as("t"))
                .then("CommandDeferred")
                .pending("CommandDeferred")
                .balance("alice", "10")
                .whenTimeIs(LATER - 1)
                .then()
                .whenTimeIs(LATER)
                .then("TransferPosted")
                .accepted("TransferPosted")
                .balance("bob", "4");
        assertThat(ledger.since().getFirst().atMillis()).isEqualTo(LATER);
        assertThat(ledger.shard(0).due()).isEmpty();
        assertThat(ledger.shard(0).deferrals()).isEmpty();
    }

    @Test
    void aTransferIsNotEarlyAtItsTime() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .when(transfer("alice", "bob", "4", notBefore(START_MILLIS)))
                .then("TransferPosted");
    }

    @Test
    void aWaitingTransferIsRecognisedHoweverLongItWaits() {
        Request transfer =
                transfer("alice", "bob", "4", notBefore(LATER + 1_000_000)).as("t");
        LedgerFixture.ledger(new ShardConfiguration(1, 1, 1))
                .given(Request.define("GOLD"), mint("alice", "10"))
                .when(transfer)
                .given(open("carol"), open("dave"))
                .at(LATER)
                .when(transfer)
                .then()
                .sameOutcomeAsBefore(3)
                .when(transfer("alice", "bob", "5").as("t"))
                .rejected(Rejection.IDEMPOTENCY_CONFLICT)
                .whenTimeIs(LATER + 1_000_000)
                .then("TransferPosted")
                .balance("bob", "4");
    }

    @Test
    void whatWaitedIsDecidedOnTheStateThatItFinds() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .when(transfer("alice", "bob", "4", notBefore(LATER)).as("t"))
                .given(transfer("alice", "carol", "7"))
                .whenTimeIs(LATER)
                .then("CommandRejected")
                .rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "3", "4")
                .when(transfer("alice", "bob", "4", notBefore(LATER)).as("t"))
                .then()
                .sameOutcomeAsBefore(1);
    }

    @Test
    void whatIsWrongInItselfNeedNotWait() {
        goldLedger(1)
                .when(transfer("alice", "alice", "4", notBefore(LATER)))
                .rejected(Rejection.ACCOUNTS_MUST_BE_DIFFERENT)
                .when(transfer("alice", "bob", "4", new Conditions(LATER, LATER - 1, null)))
                .rejected(
                        Rejection.DEADLINE_PASSED,
                        "conditions.notAfter",
                        "at least 1970-01-01T00:16:40.100Z",
                        "1970-01-01T00:16:40.099Z");
    }

    @Test
    void aTransferIsMadeUntilTheLastMomentAndNotLater() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .at(LATER)
                .when(transfer("alice", "bob", "4", notAfter(LATER)))
                .then("TransferPosted")
                .when(transfer("alice", "bob", "4", notAfter(LATER - 1)))
                .rejected(Rejection.DEADLINE_PASSED);
    }

    @Test
    void aTransferIsMadeOnlyWithTheBalanceThatItAsksFor() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .when(transfer("alice", "bob", "1", balanceAtLeast(11)))
                .rejected(Rejection.BALANCE_BELOW_CONDITION, "conditions.balanceAtLeast", "10", "11")
                .when(transfer("alice", "bob", "1", balanceAtLeast(10)))
                .then("TransferPosted");
    }

    @Test
    void whatWaitedIsInTimeHoweverLateItIsDecided() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "10"))
                .when(transfer("alice", "bob", "1", new Conditions(LATER, LATER + 5, null))
                        .as("a"))
                .when(transfer("alice", "bob", "1", new Conditions(LATER, LATER + 5, null))
                        .as("b"));
        // The first was decided before another command, the second has to wait for the next.
        ledger.whenGiven(ledger.dueInput(), 0).at(LATER + 1_000);
        ledger.whenGiven(ledger.commandInput(open("carol").withId("o")), 0)
                .whenTimeIs(LATER + 1_000)
                .then("TransferPosted")
                .balance("bob", "2");
    }

    @Test
    void whatIsDueTogetherIsDecidedInTheOrderOfTheIds() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .when(transfer("alice", "bob", "7", notBefore(LATER)).as("b"))
                .when(transfer("alice", "carol", "8", notBefore(LATER)).as("a"))
                .whenTimeIs(LATER)
                .then("TransferPosted", "CommandRejected")
                .balance("carol", "8");
    }
}
