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
    void aNewWindowIsJournaled() {
        LedgerFixture ledger =
                shortMemory().whenConfigured(new ShardConfiguration(1, 5, 100)).then("ShardConfigured");
        assertThat(ledger.shard(0).header().configured()).isEqualTo(new ShardConfiguration(1, 5, 100));
    }

    @Test
    void aShorterWindowForgetsNothingSoonerThanWasPromised() {
        shortMemory()
                .whenConfigured(new ShardConfiguration(1, 5, ENTRIES_MAX))
                .at(START_MILLIS + WINDOW_MILLIS)
                .when(transfer("alice", "bob", "1").as("t"))
                .then()
                .at(START_MILLIS + WINDOW_MILLIS + 1)
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted");
    }

    @Test
    void aShorterWindowCountsForWhatIsDecidedInIt() {
        shortMemory()
                .whenConfigured(new ShardConfiguration(1, 5, ENTRIES_MAX))
                .when(transfer("alice", "bob", "2").as("u"))
                .at(START_MILLIS + 5)
                .when(transfer("alice", "bob", "2").as("u"))
                .then()
                .at(START_MILLIS + 6)
                .when(transfer("alice", "bob", "2").as("u"))
                .then("TransferPosted");
    }

    @Test
    void aLongerWindowRemembersNothingLongerThanWasSaid() {
        shortMemory()
                .whenConfigured(new ShardConfiguration(1, 10 * WINDOW_MILLIS, ENTRIES_MAX))
                .at(START_MILLIS + WINDOW_MILLIS + 1)
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted");
    }

    @Test
    void aLongerWindowDoesNotRemindTheShardOfWhatItForgot() {
        shortMemory()
                .at(START_MILLIS + WINDOW_MILLIS + 1)
                .whenConfigured(new ShardConfiguration(1, 10 * WINDOW_MILLIS, 100))
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted");
    }

    @Test
    void aLongerWindowCountsForWhatIsDecidedInIt() {
        shortMemory()
                .whenConfigured(new ShardConfiguration(1, 10 * WINDOW_MILLIS, ENTRIES_MAX))
                .when(transfer("alice", "bob", "2").as("u"))
                .at(START_MILLIS + 10 * WINDOW_MILLIS)
                .when(transfer("alice", "bob", "2").as("u"))
                .then()
                .at(START_MILLIS + 10 * WINDOW_MILLIS + 1)
                .when(transfer("alice", "bob", "2").as("u"))
                .then("TransferPosted");
    }

    /** The configuration is the first entry after the transfer, so one more is within the three that were promised. */
    @Test
    void fewerEntriesForgetNothingSoonerThanWasPromised() {
        shortMemory()
                .whenConfigured(new ShardConfiguration(1, WINDOW_MILLIS, 1))
                .given(open("carol"))
                .when(transfer("alice", "bob", "1").as("t"))
                .then()
                .given(open("dave"))
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted");
    }

    @Test
    void fewerEntriesCountForWhatIsDecidedWithThem() {
        shortMemory()
                .whenConfigured(new ShardConfiguration(1, WINDOW_MILLIS, 1))
                .when(transfer("alice", "bob", "2").as("u"))
                .when(transfer("alice", "bob", "2").as("u"))
                .then()
                .given(open("carol"))
                .when(transfer("alice", "bob", "2").as("u"))
                .then("TransferPosted");
    }

    @Test
    void moreEntriesRememberNothingLongerThanWasSaid() {
        shortMemory()
                .whenConfigured(new ShardConfiguration(1, WINDOW_MILLIS, 100))
                .given(open("carol"), open("dave"))
                .when(transfer("alice", "bob", "1").as("t"))
                .then("TransferPosted");
    }

    @Test
    void moreEntriesCountForWhatIsDecidedWithThem() {
        shortMemory()
                .whenConfigured(new ShardConfiguration(1, WINDOW_MILLIS, ENTRIES_MAX + 1))
                .when(transfer("alice", "bob", "2").as("u"))
                .given(open("carol"), open("dave"), open("erin"))
                .when(transfer("alice", "bob", "2").as("u"))
                .then()
                .given(open("frank"))
                .when(transfer("alice", "bob", "2").as("u"))
                .then("TransferPosted");
    }

    @Test
    void aWindowWithoutEndIsOne() {
        LedgerFixture ledger = ledger(new ShardConfiguration(1, Long.MAX_VALUE, Long.MAX_VALUE))
                .given(open("alice").as("o"))
                .at(Long.MAX_VALUE)
                .when(open("alice").as("o"))
                .then()
                .sameOutcomeAsBefore(1);
        assertThat(ledger.shard(0).command("o"))
                .isEqualTo(new RememberedCommand(
                        "o",
                        LedgerFixture.fingerprint(open("alice").withId("o")),
                        2,
                        START_MILLIS,
                        Memory.FOR_EVER,
                        "AccountOpened",
                        false,
                        null));
    }

    @Test
    void whatIsRememberedCarriesItsEnd() {
        LedgerFixture ledger = shortMemory().whenConfigured(new ShardConfiguration(1, 5, 100));
        assertThat(ledger.shard(0).command("t"))
                .isEqualTo(new RememberedCommand(
                        "t",
                        LedgerFixture.fingerprint(transfer("alice", "bob", "1").withId("t")),
                        4,
                        START_MILLIS,
                        new Memory(START_MILLIS + WINDOW_MILLIS, 4 + ENTRIES_MAX - 1),
                        "TransferPosted",
                        false,
                        null));
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
