package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.LedgerFixture.ledger;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.lowest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;

import org.junit.jupiter.api.Test;

class OpenAccountTest {
    @Test
    void opensAnAccount() {
        ledger(1)
                .when(open("alice"))
                .then("AccountOpened")
                .accepted("AccountOpened")
                .balance("alice", "0");
    }

    @Test
    void opensOnlyOnce() {
        ledger(1)
                .given(open("alice"))
                .when(open("alice", lowest("-5")))
                .then("CommandRejected")
                .rejected(Rejection.ACCOUNT_ALREADY_OPEN, "account", "a new account", "alice");
    }

    @Test
    void isOpenedByItsFirstCredit() {
        goldLedger(1)
                .given(mint("alice", "10"))
                .when(transfer("alice", "bob", "4"))
                .accepted("TransferPosted")
                .balance("bob", "4");
    }

    @Test
    void mayStillBeOpenedByCommandAfterItsFirstCredit() {
        goldLedger(1)
                .given(mint("alice", "10"), open("alice", lowest("-5")))
                .when(transfer("alice", "bob", "15"))
                .accepted("TransferPosted")
                .balance("alice", "-5")
                .when(open("alice"))
                .rejected(Rejection.ACCOUNT_ALREADY_OPEN);
    }

    @Test
    void mayGetACeilingBelowWhatItHas() {
        goldLedger(1)
                .given(mint("alice", "10"), open("alice", highest("5")))
                .when(mint("alice", "1"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "-5", "1")
                .when(transfer("alice", "bob", "6"))
                .when(mint("alice", "1"))
                .balance("alice", "5");
    }

    @Test
    void mayHaveALowestBalanceOfZero() {
        ledger(1).when(open("alice", lowest("0"))).accepted("AccountOpened");
    }

    @Test
    void isRejectedWithALowestBalanceAboveZero() {
        ledger(1)
                .when(open("alice", lowest("1")))
                .rejected(Rejection.LIMIT_MUST_NOT_BE_POSITIVE, "limits.GOLD", "0", "1");
    }

    @Test
    void isRejectedForTheLedgersOwnAccounts() {
        ledger(1)
                .when(open("@GOLD"))
                .rejected(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM, "account", "an account of a client", "@GOLD");
    }

    @Test
    void mayHaveLimitsForAssetsThatAreNotYetDefined() {
        ledger(1).when(open("alice", lowest("-5"))).accepted("AccountOpened");
    }
}
