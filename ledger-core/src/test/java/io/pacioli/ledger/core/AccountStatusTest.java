package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.Request.burn;
import static io.pacioli.ledger.core.Request.capture;
import static io.pacioli.ledger.core.Request.close;
import static io.pacioli.ledger.core.Request.freeze;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.hold;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static io.pacioli.ledger.core.Request.unfreeze;
import static io.pacioli.ledger.core.Request.voided;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Freezing, unfreezing and closing accounts. */
class AccountStatusTest {
    @Test
    void aFrozenAccountNeitherPaysNorIsPaid() {
        goldLedger(1)
                .given(mint("alice", "10"), mint("bob", "10"), freeze("alice"))
                .when(transfer("alice", "bob", "1"))
                .rejected(Rejection.ACCOUNT_FROZEN, "from", "an account that is not frozen", "alice")
                .when(transfer("bob", "alice", "1"))
                .rejected(Rejection.ACCOUNT_FROZEN, "to", "an account that is not frozen", "alice")
                .when(mint("alice", "1"))
                .rejected(Rejection.ACCOUNT_FROZEN)
                .when(burn("alice", "1"))
                .rejected(Rejection.ACCOUNT_FROZEN)
                .when(hold("alice", "bob", "1"))
                .rejected(Rejection.ACCOUNT_FROZEN)
                .balance("alice", "10")
                .given(unfreeze("alice"))
                .when(transfer("alice", "bob", "1"))
                .then("TransferPosted");
    }

    @Test
    void aCreditToAFrozenAccountOnAnotherShardComesBackWithTheReason() {
        LedgerFixture ledger = goldLedger(2)
                .given(mint("alice", "10"), mint("bob1", "1"), freeze("bob1"))
                .when(transfer("alice", "bob1", "4"))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .balance("alice", "10")
                .balance("bob1", "1");
        assertThat(ledger.since().getLast().event())
                .isInstanceOfSatisfying(
                        Event.TransferReturned.class,
                        returned -> assertThat(returned.reason().code()).isEqualTo(Rejection.ACCOUNT_FROZEN));
    }

    @Test
    void aCreditToAClosedAccountOnAnotherShardComesBack() {
        goldLedger(2)
                .given(mint("alice", "10"), open("bob1"), close("bob1"))
                .when(transfer("alice", "bob1", "4"))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .balance("alice", "10");
    }

    @Test
    void moneyComesBackToAnAccountThatWasFrozenOrClosedMeanwhile() {
        goldLedger(2)
                .given(mint("alice", "10"), open("bob1", highest("0")))
                .whenSent(transfer("alice", "bob1", "10"))
                .whenSent(close("alice"))
                .deliver()
                .balance("alice", "10")
                .when(transfer("alice", "carol", "1"))
                .rejected(Rejection.ACCOUNT_CLOSED)
                .given(open("alice"))
                .when(transfer("alice", "carol", "10"))
                .then("TransferPosted");
    }

    @Test
    void onlyAnEmptyAccountIsClosed() {
        goldLedger(1)
                .given(mint("alice", "10"), hold("alice", "bob", "10").as("h"))
                .balance("alice", "0")
                .when(close("alice"))
                .rejected(Rejection.ACCOUNT_NOT_EMPTY, "account", "an account with no money", "alice with GOLD")
                .given(capture("h", "alice", null, null))
                .when(close("alice"))
                .then("AccountClosed")
                .when(mint("alice", "1"))
                .rejected(Rejection.ACCOUNT_CLOSED);
    }

    @Test
    void aClosedAccountIsOpenedAgainWithNewLimits() {
        goldLedger(1)
                .given(open("alice", highest("5")), close("alice"))
                .when(open("alice", highest("7")))
                .then("AccountOpened")
                .when(mint("alice", "7"))
                .then("TransferPosted")
                .when(open("alice"))
                .rejected(Rejection.ACCOUNT_ALREADY_OPEN);
    }

    @Test
    void openingAFrozenAccountDoesNotUnfreezeIt() {
        goldLedger(1)
                .given(mint("alice", "1"), freeze("alice"), open("alice"))
                .when(transfer("alice", "bob", "1"))
                .rejected(Rejection.ACCOUNT_FROZEN);
    }

    @Test
    void whatAFrozenAccountHoldsCanBeVoidedButNotCaptured() {
        goldLedger(1)
                .given(mint("alice", "10"), hold("alice", "bob", "4").as("h"), freeze("alice"))
                .when(capture("h", "alice", null, null))
                .rejected(Rejection.ACCOUNT_FROZEN)
                .when(voided("h", "alice"))
                .then("HoldVoided")
                .balance("alice", "10")
                .held("alice", "0");
    }
}
