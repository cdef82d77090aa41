package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.START_MILLIS;
import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.LedgerFixture.ledger;
import static io.pacioli.ledger.core.Request.asset;
import static io.pacioli.ledger.core.Request.define;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdempotencyTest {
    private static final int WINDOW_MILLIS = 1_000;
    private static final int ENTRIES_MAX = 3;

    @Test
    void aRepeatedCommandGetsTheFirstOutcomeAgainAndChangesNothing() {
        goldLedger(1)
                .given(mint("alice", "100"))
                .when(transfer("alice", "bob", "30").as("t"))
                .at(START_MILLIS + 5)
                .when(transfer("alice", "bob", "30").as("t"))
                .then()
                .sameOutcomeAsBefore(1)
                .balance("bob", "30");
    }

    @Test
    void aRepeatedRejectionStaysRejectedEvenWhenItWouldPassByNow() {
        goldLedger(1)
                .given(open("alice"))
                .when(transfer("alice", "bob", "30").as("t"))
                .rejected(Rejection.INSUFFICIENT_FUNDS)
                .given(mint("alice", "100"))
                .when(transfer("alice", "bob", "30").as("t"))
                .then()
                .sameOutcomeAsBefore(2);
    }

    @Test
    void aRepeatedDefinitionWithSupplyGetsThePositionOfItsLastEntry() {
        ledger(2)
                .when(define(asset("GOLD", null), "5", "bob1").as("d"))
                .when(define(asset("GOLD", null), "5", "bob1").as("d"))
                .then()
                .sameOutcomeAsBefore(1)
                .balance("bob1", "5");
    }

    @Test
    void aTransferThatCameBackIsStillAnsweredWithItsFirstOutcome() {
        goldLedger(2)
                .given(mint("alice", "100"), open("bob1", highest("0")))
                .when(transfer("alice", "bob1", "30").as("t"))
                .when(transfer("alice", "bob1", "30").as("t"))
                .then()
                .sameOutcomeAsBefore(1);
    }

    @Test
    void anotherCommandWithTheSameIdIsAConflict() {
        goldLedger(1)
                .given(mint("alice", "100"))
                .when(transfer("alice", "bob", "30").as("t"))
                .when(transfer("alice", "bob", "31").as("t"))
                .then("CommandRejected")
                .rejected(Rejection.IDEMPOTENCY_CONFLICT, "id", "the command at 0:4", "t")
                .balance("bob", "30");
    }

    @Test
    void aConflictDoesNotReplaceTheFirstOutcome() {
        goldLedger(1)
                .given(mint("alice", "100"))
                .when(transfer("alice", "bob", "30").as("t"))
                .when(transfer("alice", "bob", "31").as("t"))
                .when(transfer("alice", "bob", "30").as("t"))
                .then()
                .sameOutcomeAsBefore(2)
                .when(transfer("alice", "bob", "31").as("t"))
                .rejected(Rejection.IDEMPOTENCY_CONFLICT, "id", "the command at 0:4", "t");
    }

    @Test
    void anIdIsScopedToItsShard() {
        goldLedger(2)
                .given(mint("alice", "100"), mint("bob1", "100"))
                .when(transfer("alice", "carol", "1").as("t"))
                .when(transfer("bob1", "carol1", "1").as("t"))
                .accepted("TransferPosted");
    }

    @Test
    void anIdIsRememberedToTheEndOfTheWindow() {
        shortMemory()
                .at(START_MILLIS + WINDOW_MILLIS)
                .when(transfer("alice", "bob", "1").as("t"))
                .then()
                .balance("bob", "1")
                .at(START_MILLIS + WINDOW_MILLIS + 1)
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted")
                .balance("bob", "2");
    }

    @Test
    void aForgottenIdMayBeUsedForAnotherCommand() {
        shortMemory()
                .at(START_MILLIS + WINDOW_MILLIS + 1)
                .when(transfer("alice", "bob", "2").as("t"))
                .accepted("TransferPosted")
                .when(transfer("alice", "bob", "1").as("t"))
                .rejected(Rejection.IDEMPOTENCY_CONFLICT);
    }

    @Test
    void anIdIsRememberedForSoManyEntries() {
        shortMemory()
                .given(transfer("alice", "bob", "1"), transfer("alice", "bob", "1"))
                .when(transfer("alice", "bob", "1").as("t"))
                .then()
                .given(transfer("alice", "bob", "1"))
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted");
    }

    @Test
    void aClockThatGoesBackDoesNotRemindTheShardOfWhatItForgot() {
        shortMemory()
                .at(START_MILLIS + WINDOW_MILLIS + 1)
                .given(open("carol"))
                .at(START_MILLIS)
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted");
    }

    @Test
    void aNewWindowIsJournaledAndCounts() {
        LedgerFixture ledger = shortMemory()
                .whenConfigured(new ShardConfiguration(1, 5, 100))
                .then("ShardConfigured")
                .at(START_MILLIS + 6)
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted");
        assertThat(ledger.shard(0).header().configured()).isEqualTo(new ShardConfiguration(1, 5, 100));
    }

    /** Alice has paid Bob 1 with the id t, just now, on a shard that forgets soon. */
    private static LedgerFixture shortMemory() {
        return ledger(new ShardConfiguration(1, WINDOW_MILLIS, ENTRIES_MAX))
                .given(
                        define("GOLD"),
                        mint("alice", "100"),
                        transfer("alice", "bob", "1").as("t"));
    }
}
