package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.START_MILLIS;
import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.Request.MAX;
import static io.pacioli.ledger.core.Request.close;
import static io.pacioli.ledger.core.Request.define;
import static io.pacioli.ledger.core.Request.freeze;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.hold;
import static io.pacioli.ledger.core.Request.leg;
import static io.pacioli.ledger.core.Request.lowest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transact;
import static io.pacioli.ledger.core.Request.transfer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several legs, all of them or none. */
class TransactionTest {
    private static final long DEADLINE = START_MILLIS + 100;

    /** Alice has 10 GOLD, bob1 has 10 EUR. */
    private static LedgerFixture exchange(int shards) {
        return goldLedger(shards).given(define("EUR"), mint("alice", "10"), mint("EUR", "bob1", "10"));
    }

    private static Request swap(long deadline) {
        return transact(deadline, leg("alice", "bob1", "4"), leg("EUR", "bob1", "alice", "5"));
    }

    @Test
    void onOneShardIsOneEntry() {
        exchange(1)
                .when(swap(DEADLINE))
                .then("TransactionPosted")
                .accepted("TransactionPosted")
                .balance("alice", "6")
                .balance("alice", "EUR", "5")
                .balance("bob1", "4")
                .balance("bob1", "EUR", "5");
    }

    @Test
    void onOneShardALegSpendsWhatAnEarlierOneBrings() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .when(transact(leg("alice", "bob", "10"), leg("bob", "carol", "7"), leg("carol", "dave", "7")))
                .then("TransactionPosted")
                .balance("bob", "3")
                .balance("dave", "7")
                .when(transact(leg("bob", "carol", "4"), leg("dave", "bob", "7")))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "legs[0].amount", "3", "4")
                .balance("dave", "7");
    }

    @Test
    void acrossShardsIsMadeOnAll() {
        LedgerFixture ledger = exchange(2)
                .when(swap(DEADLINE))
                .then("TransactionBegun", "TransactionPrepared", "TransactionCommitted", "TransactionSettled")
                .accepted("TransactionCommitted")
                .balance("alice", "6")
                .balance("alice", "EUR", "5")
                .balance("bob1", "4")
                .balance("bob1", "EUR", "5")
                .held("alice", "0");
        assertThat(ledger.shard(0).transactions()).isEmpty();
        assertThat(ledger.shard(1).transactions()).isEmpty();
        assertThat(ledger.shard(0).due()).isEmpty();
        nothingIsPromised(ledger, 1);
    }

    @Test
    void reservesWhileItIsUnderWay() {
        exchange(2)
                .whenSent(swap(DEADLINE))
                .pending("TransactionBegun")
                .balance("alice", "6")
                .held("alice", "4")
                .whenSent(transfer("alice", "carol", "7"))
                .rejected(Rejection.INSUFFICIENT_FUNDS);
    }

    @Test
    void isRejectedAtOnceWhenTheCoordinatorCannotReserve() {
        exchange(2)
                .when(transact(leg("alice", "bob1", "11"), leg("EUR", "bob1", "alice", "5")))
                .then("CommandRejected")
                .rejected(Rejection.INSUFFICIENT_FUNDS, "legs[0].amount", "10", "11");
    }

    @Test
    void leavesEverythingAsItWasWhenAParticipantRefuses() {
        LedgerFixture ledger = exchange(3)
                .given(mint("carol2", "1"))
                .when(transact(
                        leg("alice", "bob1", "4"), leg("carol2", "bob1", "1"), leg("EUR", "bob1", "alice", "11")))
                .then(
                        "TransactionBegun",
                        "TransactionRefused",
                        "TransactionPrepared",
                        "TransactionAborted",
                        "CommandRejected",
                        "TransactionVoted",
                        "TransactionReleased")
                .rejected(Rejection.INSUFFICIENT_FUNDS, "legs[2].amount", "10", "11")
                .balance("alice", "10")
                .held("alice", "0")
                .balance("bob1", "EUR", "10")
                .balance("carol2", "1")
                .held("carol2", "0");
        for (int shard = 0; shard < 3; shard++) {
            assertThat(ledger.shard(shard).transactions()).isEmpty();
            assertThat(ledger.shard(shard).due()).isEmpty();
        }
        nothingIsPromised(ledger, 0);
    }

    @Test
    void isGivenUpAtItsDeadline() {
        exchange(2)
                .whenSent(swap(DEADLINE).as("x"))
                .whenTimeIs(DEADLINE)
                .then(
                        "TransactionAborted",
                        "CommandRejected",
                        "TransactionPrepared",
                        "TransactionReleased",
                        "TransactionVoted")
                .rejected(
                        Rejection.TRANSACTION_TIMED_OUT,
                        "deadline",
                        "1970-01-01T00:16:40.100Z",
                        "no answer of shards [1]")
                .balance("alice", "10")
                .balance("bob1", "EUR", "10")
                .when(swap(DEADLINE).as("x"))
                .then()
                .sameOutcomeAsBefore(1);
    }

    @Test
    void hasThirtySecondsByDefault() {
        LedgerFixture ledger =
                exchange(2).whenSent(transact(leg("alice", "bob1", "4"), leg("EUR", "bob1", "alice", "5")));
        assertThat(ledger.shard(0).firstDue())
                .isEqualTo(new Due(
                        START_MILLIS + 30_000,
                        Due.Kind.TRANSACTION_DEADLINE,
                        ledger.lastOutcome().commandId()));
    }

    @Test
    void isPendingForWhoeverSendsItAgain() {
        exchange(2)
                .whenSent(swap(DEADLINE).as("x"))
                .whenSent(swap(DEADLINE).as("x"))
                .then()
                .pending("TransactionBegun")
                .whenSent(swap(DEADLINE + 1).as("x"))
                .rejected(Rejection.IDEMPOTENCY_CONFLICT)
                .deliver()
                .accepted("TransactionCommitted")
                .when(swap(DEADLINE).as("x"))
                .then()
                .sameOutcomeAsBefore(1);
    }

    @Test
    void ofOthersOverTheSameAccountsNeitherWaitNorSpendTwice() {
        exchange(2)
                .whenSent(transact(leg("alice", "bob1", "6"), leg("EUR", "bob1", "alice", "6"))
                        .as("x"))
                .whenSent(transact(leg("EUR", "bob1", "alice", "6"), leg("alice", "bob1", "4"))
                        .as("y"))
                .deliver()
                .balance("alice", "6")
                .balance("bob1", "GOLD", "4")
                .balance("bob1", "EUR", "4")
                .held("alice", "0");
    }

    @Test
    void whatIsPromisedCountsAgainstTheHighestBalance() {
        goldLedger(2)
                .given(mint("alice", "10"), mint("dave1", "10"), open("bob1", highest("5")))
                .whenSent(transact(leg("dave1", "alice", "1"), leg("dave1", "carol", "1")))
                .deliver()
                .whenSent(transact(leg("alice", "bob1", "3"), leg("dave1", "alice", "1"))
                        .as("x"))
                .deliverOne()
                .whenSent(transfer("dave1", "bob1", "3"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "2", "3")
                .whenSent(close("bob1"))
                .rejected(Rejection.ACCOUNT_NOT_EMPTY)
                .deliver()
                .balance("bob1", "3");
    }

    @Test
    void whatWasPreparedIsMadeThoughAnAccountIsFrozenMeanwhile() {
        exchange(2)
                .whenSent(swap(DEADLINE))
                .deliverOne()
                .whenSent(freeze("bob1"))
                .deliver()
                .balance("bob1", "4")
                .balance("alice", "EUR", "5");
    }

    @Test
    void mayHaveALegBetweenTwoParticipants() {
        goldLedger(3)
                .given(mint("bob1", "10"))
                .given(mint("alice", "1"))
                .when(transact(leg("alice", "bob1", "1"), leg("bob1", "carol2", "11"), leg("carol2", "dave2", "2")))
                .accepted("TransactionCommitted")
                .balance("bob1", "0")
                .balance("carol2", "9")
                .balance("dave2", "2")
                .clearing(1, 2, "11")
                .clearing(2, 1, "-11");
    }

    @Test
    void stopsAtALimit() {
        goldLedger(1)
                .given(mint("alice", "10"), open("bob", highest("5")), open("carol", lowest("-3")), freeze("carol"))
                .when(transact(leg("alice", "bob", "5"), leg("alice", "bob", "1")))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "legs[1].amount", "0", "1")
                .when(transact(leg("alice", "bob", "5"), leg("bob", "dave", "3"), leg("alice", "bob", "3")))
                .then("TransactionPosted")
                .when(transact(leg("carol", "bob", "1")))
                .rejected(Rejection.ACCOUNT_FROZEN, "legs[0].from", "an account that is not frozen", "carol")
                .when(transact(leg("nobody", "bob", "1")))
                .rejected(Rejection.ACCOUNT_NOT_OPEN, "legs[0].from", "an open account", "nobody");
    }

    @Test
    void cannotSpendWhatIsHeld() {
        goldLedger(2)
                .given(mint("alice", "10"), hold("alice", "bob", "8"))
                .when(transact(leg("alice", "bob1", "3")))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "legs[0].amount", "2", "3");
    }

    @Test
    void anAnswerToAnEarlierTransactionOfTheSameIdDoesNotCount() {
        LedgerFixture ledger = LedgerFixture.ledger(new ShardConfiguration(2, 1, 1))
                .given(define("GOLD"), define("EUR"), mint("alice", "10"), mint("EUR", "bob1", "10"))
                .whenSent(swap(DEADLINE).as("x"))
                .at(DEADLINE)
                .whenSent(open("carol"))
                .at(DEADLINE + 10)
                .whenSent(swap(DEADLINE + 1_000).as("x"))
                .pending("TransactionBegun");
        ledger.deliver()
                .accepted("TransactionCommitted")
                .balance("alice", "6")
                .balance("bob1", "4")
                .held("alice", "0");
    }

    @Test
    void neverReservesMoreThan38Digits() {
        goldLedger(2)
                .given(open("rich", lowest("-" + MAX)), mint("rich", "1"))
                .when(transact(leg("rich", "bob1", MAX), leg("rich", "bob1", "1")))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "legs[1].amount", "0", "1");
    }

    @Test
    void leavesRoomOnTheClearingAccountForOthers() {
        goldLedger(2)
                .given(mint("alice", MAX), open("rich", lowest("-10")))
                .whenSent(transact(leg("alice", "bob1", MAX)))
                .whenSent(transact(leg("rich", "carl1", "1")))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "legs[0].amount", "0", "1")
                .whenSent(transfer("rich", "carl1", "1"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "0", "1")
                .deliver()
                .clearing(0, 1, MAX)
                .when(transfer("bob1", "alice", "10"))
                .when(transfer("rich", "carl1", "10"))
                .then("TransferSent", "TransferReceived");
    }

    @Test
    void mayBringAnAccountItsLastAsset() {
        LedgerFixture ledger = goldLedger(1).given(mint("alice", "1"));
        for (int i = 1; i < Account.HOLDINGS_MAX; i++) {
            ledger.given(define(Request.asset("A" + i, null), "1", "whale"));
        }
        ledger.when(transact(leg("alice", "whale", "1"))).then("TransactionPosted");
    }

    @Test
    void hasOneToAHundredLegs() {
        Leg leg = leg("alice", "bob", "1");
        List<Leg> many = Collections.nCopies(101, leg);
        goldLedger(1)
                .given(mint("alice", "100"))
                .when(id -> new Command.Transact(id, many.subList(0, 100), null, "", Map.of()))
                .then("TransactionPosted")
                .balance("bob", "100");
        assertThatThrownBy(() -> new Command.Transact("x", many, null, "", Map.of()))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("legs");
        assertThatThrownBy(() -> new Command.Transact("x", List.of(), null, "", Map.of()))
                .isInstanceOf(MalformedException.class);
    }

    private static void nothingIsPromised(LedgerFixture ledger, int shard) {
        assertThat(ledger.shard(shard).accounts())
                .isNotEmpty()
                .allSatisfy(account -> assertThat(account.promised()).isEmpty());
    }
}
