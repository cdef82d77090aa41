package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.START_MILLIS;
import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.Request.capture;
import static io.pacioli.ledger.core.Request.freeze;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.hold;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static io.pacioli.ledger.core.Request.voided;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Placing, capturing and voiding holds, and what happens when their time is up. */
class HoldTest {
    private static final long EXPIRY = START_MILLIS + 100;

    @Test
    void whatIsHeldCannotBeSpent() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .when(hold("alice", "bob", "6").as("h"))
                .then("HoldPlaced")
                .balance("alice", "4")
                .held("alice", "6")
                .when(transfer("alice", "carol", "5"))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "4", "5")
                .when(hold("alice", "carol", "5"))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "4", "5");
    }

    @Test
    void isCapturedInFullWhenNoAmountIsGiven() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "10"), hold("alice", "bob", "6").as("h"))
                .when(capture("h", "alice", null, null).as("c"))
                .then("TransferPosted")
                .balance("alice", "4")
                .held("alice", "0")
                .balance("bob", "6")
                .when(capture("h", "alice", null, null))
                .rejected(Rejection.HOLD_ALREADY_CAPTURED)
                .when(voided("h", "alice"))
                .rejected(Rejection.HOLD_ALREADY_CAPTURED);
        assertThat(ledger.journal().get(4).event()).isInstanceOfSatisfying(Event.TransferPosted.class, posted -> {
            assertThat(posted.terms().kind()).isEqualTo(TransferKind.CAPTURE);
            assertThat(posted.terms().reference()).isEqualTo("h");
            assertThat(posted.terms().id()).isEqualTo("c");
        });
    }

    @Test
    void isCapturedInPartsUntilNothingIsLeft() {
        goldLedger(1)
                .given(mint("alice", "10"), hold("alice", "bob", "6").as("h"))
                .when(capture("h", "alice", "2", null))
                .then("TransferPosted")
                .held("alice", "4")
                .when(capture("h", "alice", "5", null))
                .rejected(Rejection.HOLD_AMOUNT_EXCEEDED, "amount", "4", "5")
                .when(capture("h", "alice", "4", "bob"))
                .then("TransferPosted")
                .balance("bob", "6")
                .when(capture("h", "alice", "1", null))
                .rejected(Rejection.HOLD_ALREADY_CAPTURED);
    }

    @Test
    void isVoidedAfterAPartialCapture() {
        goldLedger(1)
                .given(mint("alice", "10"), hold("alice", "bob", "6").as("h"), capture("h", "alice", "2", null))
                .when(voided("h", "alice"))
                .then("HoldVoided")
                .balance("alice", "8")
                .held("alice", "0")
                .when(capture("h", "alice", "1", null))
                .rejected(Rejection.HOLD_ALREADY_VOIDED)
                .when(voided("h", "alice"))
                .rejected(Rejection.HOLD_ALREADY_VOIDED);
    }

    @Test
    void paysOnlyWhomItNames() {
        goldLedger(1)
                .given(
                        mint("alice", "10"),
                        hold("alice", "bob", "3").as("named"),
                        hold("alice", null, "3").as("open"))
                .when(capture("named", "alice", null, "carol"))
                .rejected(Rejection.HOLD_PAYEE_MISMATCH, "to", "bob", "carol")
                .when(capture("open", "alice", null, null))
                .rejected(Rejection.HOLD_PAYEE_MISMATCH, "to", "an account", "none")
                .when(capture("open", "alice", null, "carol"))
                .then("TransferPosted")
                .balance("carol", "3");
    }

    @Test
    void belongsToItsAccount() {
        goldLedger(1)
                .given(
                        mint("alice", "10"),
                        mint("bob", "1"),
                        hold("alice", "bob", "3").as("h"))
                .when(capture("h", "bob", null, "carol"))
                .rejected(Rejection.HOLD_NOT_FOUND, "hold", "a hold on bob", "h")
                .when(voided("h", "bob"))
                .rejected(Rejection.HOLD_NOT_FOUND)
                .when(voided("i", "alice"))
                .rejected(Rejection.HOLD_NOT_FOUND);
    }

    @Test
    void expiresWhenItsTimeHasComeAndNotBefore() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "10"), hold("alice", "bob", "6", EXPIRY).as("h"), capture("h", "alice", "1", null))
                .whenTimeIs(EXPIRY - 1)
                .then()
                .whenTimeIs(EXPIRY)
                .then("HoldExpired")
                .balance("alice", "9")
                .held("alice", "0")
                .when(capture("h", "alice", null, null))
                .rejected(Rejection.HOLD_EXPIRED)
                .when(voided("h", "alice"))
                .rejected(Rejection.HOLD_EXPIRED);
        assertThat(ledger.shard(0).due()).isEmpty();
    }

    @Test
    void expiresAtTheTimeThatWasSetEvenIfNobodyLookedThen() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "10"), hold("alice", "bob", "6", EXPIRY).as("h"))
                .at(EXPIRY + 5_000)
                .when(transfer("alice", "bob", "10"))
                .then("HoldExpired", "TransferPosted");
        assertThat(ledger.since().getFirst().atMillis()).isEqualTo(EXPIRY);
        assertThat(ledger.since().getFirst().cause()).isEqualTo("due@" + EXPIRY);
        assertThat(ledger.since().getLast().atMillis()).isEqualTo(EXPIRY + 5_000);
    }

    @Test
    void isNotCapturedAfterItsTimeEvenIfItHasNotBeenExpiredYet() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "10"), hold("alice", "bob", "6", EXPIRY).as("h"))
                .at(EXPIRY);
        Command capture = capture("h", "alice", null, null).withId("c");
        assertThat(ledger.rules().decide(ledger.commandInput(capture), ledger.shard(0)))
                .isInstanceOfSatisfying(
                        Decision.Journaled.class,
                        journaled -> assertThat(journaled.outcome())
                                .isInstanceOfSatisfying(
                                        Outcome.Refused.class,
                                        refused -> assertThat(refused.rejected().code())
                                                .isEqualTo(Rejection.HOLD_EXPIRED)));
    }

    @Test
    void leavesNothingDueOnceItIsVoidedOrCaptured() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "10"))
                .given(
                        hold("alice", "bob", "1", EXPIRY).as("h"),
                        hold("alice", "bob", "2", EXPIRY).as("i"))
                .given(voided("h", "alice"), capture("i", "alice", null, null))
                .whenTimeIs(EXPIRY)
                .then();
        assertThat(ledger.shard(0).due()).isEmpty();
    }

    @Test
    void isCapturedAcrossShards() {
        goldLedger(2)
                .given(mint("alice", "10"), hold("alice", "bob1", "6").as("h"))
                .when(capture("h", "alice", "4", null))
                .then("TransferSent", "TransferReceived")
                .balance("bob1", "4")
                .balance("alice", "4")
                .held("alice", "2");
    }

    @Test
    void whatCannotBeCapturedComesBackAvailable() {
        goldLedger(2)
                .given(
                        mint("alice", "10"),
                        open("bob1", highest("0")),
                        hold("alice", "bob1", "6").as("h"))
                .when(capture("h", "alice", null, null))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .balance("alice", "10")
                .held("alice", "0");
    }

    @Test
    void isNotCapturedForAPayeeThatCannotBePaidHere() {
        goldLedger(1)
                .given(
                        mint("alice", "10"),
                        mint("bob", "1"),
                        hold("alice", "bob", "6").as("h"),
                        freeze("bob"))
                .when(capture("h", "alice", null, null))
                .rejected(Rejection.ACCOUNT_FROZEN, "to", "an account that is not frozen", "bob")
                .held("alice", "6");
    }

    @Test
    void mustNotExpireInThePast() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .when(hold("alice", "bob", "6", START_MILLIS))
                .rejected(Rejection.DEADLINE_PASSED, "expiresAt", "after 1970-01-01T00:16:40Z", "1970-01-01T00:16:40Z");
    }

    @Test
    void isForgottenSomeTimeAfterItEnded() {
        LedgerFixture ledger = LedgerFixture.ledger(new ShardConfiguration(1, 50, 1_000))
                .given(
                        Request.define("GOLD"),
                        mint("alice", "10"),
                        hold("alice", "bob", "6").as("h"))
                .at(START_MILLIS + 1_000)
                .when(hold("alice", "bob", "1").as("h"))
                .rejected(Rejection.HOLD_ALREADY_PLACED, "id", "a new id", "h")
                .given(voided("h", "alice"))
                .at(START_MILLIS + 1_050)
                .when(voided("h", "alice"))
                .rejected(Rejection.HOLD_ALREADY_VOIDED)
                .at(START_MILLIS + 1_051)
                .when(voided("h", "alice"))
                .rejected(Rejection.HOLD_NOT_FOUND);
        ledger.at(START_MILLIS + 2_000).when(hold("alice", "bob", "1").as("h")).then("HoldPlaced");
    }
}
