package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.LedgerFixture.ledger;
import static io.pacioli.ledger.core.Request.MAX;
import static io.pacioli.ledger.core.Request.asset;
import static io.pacioli.ledger.core.Request.burn;
import static io.pacioli.ledger.core.Request.define;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.lowest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MintAndBurnTest {
    @Test
    void mintBringsIntoCirculation() {
        goldLedger(1)
                .when(mint("alice", "100"))
                .then("TransferPosted")
                .accepted("TransferPosted")
                .balance("alice", "100")
                .balance("@GOLD", "-100");
    }

    @Test
    void mintReachesAnotherShard() {
        goldLedger(2)
                .when(mint("bob1", "100"))
                .then("TransferSent", "TransferReceived")
                .balance("bob1", "100")
                .balance("@GOLD", "-100");
    }

    @Test
    void mintThatCannotBeCreditedGoesBackToTheIssuer() {
        goldLedger(2)
                .given(open("bob1", highest("99")))
                .when(mint("bob1", "100"))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .balance("bob1", "0")
                .balance("@GOLD", "0");
    }

    @Test
    void mintStopsAtTheMaximumSupply() {
        ledger(1)
                .given(define(asset("GOLD", "100"), "0", null), mint("alice", "60"))
                .when(mint("alice", "41"))
                .rejected(Rejection.MAX_SUPPLY_EXCEEDED, "amount", "40", "41")
                .when(mint("alice", "40"))
                .balance("@GOLD", "-100");
    }

    @Test
    void mintWithoutAMaximumStopsAt38Digits() {
        goldLedger(2)
                .given(mint("bob1", MAX))
                .when(mint("alice", "1"))
                .rejected(Rejection.MAX_SUPPLY_EXCEEDED, "amount", "0", "1");
    }

    @Test
    void mintOnItsWayCountsAgainstTheMaximumSupply() {
        ledger(2)
                .given(define(asset("GOLD", "100"), "0", null))
                .whenSent(mint("bob1", "100"))
                .whenSent(mint("bob1", "1"))
                .rejected(Rejection.MAX_SUPPLY_EXCEEDED);
    }

    @Test
    void burnMakesRoomForAnotherMint() {
        ledger(1)
                .given(define(asset("GOLD", "100"), "100", "alice"))
                .when(burn("alice", "30"))
                .then("TransferPosted")
                .balance("alice", "70")
                .balance("@GOLD", "-70")
                .when(mint("alice", "30"))
                .balance("@GOLD", "-100");
    }

    @Test
    void burnReachesTheIssuerOnAnotherShard() {
        goldLedger(2)
                .given(mint("bob1", "100"))
                .when(burn("bob1", "100"))
                .then("TransferSent", "TransferReceived")
                .balance("bob1", "0")
                .balance("@GOLD", "0");
    }

    @Test
    void burnNeedsFunds() {
        goldLedger(1)
                .given(mint("alice", "9"))
                .when(burn("alice", "10"))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "9", "10");
    }

    @Test
    void burnOfACreditLineMayTakeAllThatCirculatesAndNoMore() {
        goldLedger(1)
                .given(mint("alice", "10"), open("bob", lowest("-20")))
                .when(burn("bob", "11"))
                .then("CommandRejected")
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "10", "11")
                .when(burn("bob", "10"))
                .accepted("TransferPosted")
                .balance("bob", "-10")
                .balance("@GOLD", "0")
                .when(burn("bob", "1"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "0", "1");
    }

    @Test
    void burnBeforeTheFirstMintIsOfMoreThanCirculates() {
        goldLedger(1)
                .given(open("bob", lowest("-20")))
                .when(burn("bob", "1"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "0", "1")
                .balance("@GOLD", "none");
    }

    @Test
    void burnOfMoreThanCirculatesComesBackFromTheIssuersShard() {
        LedgerFixture ledger = goldLedger(2)
                .given(mint("alice", "10"), open("bob1", lowest("-20")))
                .when(burn("bob1", "11"))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .accepted("TransferSent")
                .balance("bob1", "0")
                .balance("@GOLD", "-10");
        Rejected reason = new Rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "10", "11");
        assertThat(((Event.TransferRefused) ledger.since().get(1).event()).reason())
                .isEqualTo(reason);
        assertThat(((Event.TransferReturned) ledger.since().get(2).event()).reason())
                .isEqualTo(reason);
        ledger.when(burn("bob1", "10"))
                .then("TransferSent", "TransferReceived")
                .balance("bob1", "-10")
                .balance("@GOLD", "0");
    }

    @Test
    void burnThatReachesTheIssuerBeforeTheFirstMintComesBack() {
        goldLedger(2)
                .given(open("bob1", lowest("-20")))
                .when(burn("bob1", "1"))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .balance("bob1", "0")
                .balance("@GOLD", "none");
    }

    /** The one way to an issuer above zero: a mint counts as circulating from its debit, and what comes back must go there. */
    @Test
    void mintThatComesBackToAnIssuerThatABurnHasEmptiedLiftsItAboveZero() {
        goldLedger(2)
                .given(open("alice", lowest("-10")), open("bob1", highest("0")))
                .whenSent(mint("bob1", "10"))
                .whenSent(burn("alice", "10"))
                .accepted("TransferPosted")
                .deliver()
                .balance("@GOLD", "10")
                .when(burn("alice", "1"))
                .rejected(Rejection.INSUFFICIENT_FUNDS)
                .given(open("carol", lowest("-1")))
                .when(burn("carol", "1"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "-10", "1")
                .when(mint("alice", "10"))
                .balance("alice", "0")
                .balance("@GOLD", "0");
    }

    @Test
    void mintAndBurnAreForClientsAccounts() {
        goldLedger(1)
                .when(mint("@GOLD", "1"))
                .rejected(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM)
                .when(burn("@GOLD", "1"))
                .rejected(Rejection.ACCOUNT_MUST_NOT_BE_SYSTEM);
    }
}
