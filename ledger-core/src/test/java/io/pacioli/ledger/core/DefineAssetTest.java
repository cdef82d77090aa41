package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.LedgerFixture.ledger;
import static io.pacioli.ledger.core.Request.MAX;
import static io.pacioli.ledger.core.Request.asset;
import static io.pacioli.ledger.core.Request.define;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DefineAssetTest {
    @Test
    void definesAnAsset() {
        LedgerFixture ledger =
                ledger(1).when(define("GOLD")).then("AssetDefined").accepted("AssetDefined");
        assertThat(ledger.shard(0).asset("GOLD")).isEqualTo(asset("GOLD", null));
        assertThat(ledger.inTransit()).isEmpty();
    }

    @Test
    void tellsEveryOtherShard() {
        LedgerFixture ledger =
                ledger(4).when(define("GOLD")).then("AssetDefined", "AssetLearned", "AssetLearned", "AssetLearned");
        assertThat(ledger.journal().subList(4, 8)).extracting(Entry::shard).containsExactly(0, 1, 2, 3);
        for (int shard = 0; shard < 4; shard++) {
            assertThat(ledger.shard(shard).asset("GOLD")).isEqualTo(asset("GOLD", null));
        }
    }

    @Test
    void livesOnTheShardOfItsIssuer() {
        LedgerFixture ledger = ledger(3).when(define("EUR2")).then("AssetDefined", "AssetLearned", "AssetLearned");
        assertThat(ledger.since()).extracting(Entry::shard).containsExactly(2, 0, 1);
    }

    @Test
    void mintsItsFirstSupplyOnTheSameShard() {
        LedgerFixture ledger = ledger(1)
                .when(define(asset("GOLD", null), "1000", "alice"))
                .then("AssetDefined", "TransferPosted")
                .accepted("TransferPosted")
                .balance("alice", "1000")
                .balance("@GOLD", "-1000");
        assertThat(ledger.lastOutcome().position()).isEqualTo(new Position(0, 3));
    }

    @Test
    void mintsItsFirstSupplyToAnotherShard() {
        LedgerFixture ledger = ledger(2)
                .whenSent(define(asset("GOLD", null), "1000", "bob1"))
                .then("AssetDefined", "TransferSent")
                .accepted("TransferSent")
                .clearing(0, 1, "1000");
        assertThat(ledger.inTransit()).extracting(Transit::type).containsExactly("AssetAnnouncement", "TransferCredit");
        assertThat(ledger.inTransit()).extracting(Transit::number).containsExactly(1L, 2L);
        ledger.deliver().balance("bob1", "1000").balance("@GOLD", "-1000").clearing(1, 0, "-1000");
    }

    @Test
    void takesBackAFirstSupplyThatItsHolderMayNotHave() {
        ledger(2)
                .given(open("bob1", highest("999")))
                .when(define(asset("GOLD", null), "1000", "bob1"))
                .then("AssetDefined", "TransferSent", "AssetLearned", "TransferRefused", "TransferReturned")
                .balance("@GOLD", "0")
                .balance("bob1", "0");
    }

    @Test
    void isRejectedWhenItsHolderOnTheSameShardMayNotHaveTheFirstSupply() {
        LedgerFixture ledger = ledger(2)
                .given(open("alice", highest("999")))
                .when(define(asset("GOLD", null), "1000", "alice"))
                .then("CommandRejected")
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "999", "1000");
        assertThat(ledger.shard(0).asset("GOLD")).isNull();
    }

    @Test
    void isRejectedWhenDefinedAlready() {
        goldLedger(1)
                .when(define("GOLD"))
                .then("CommandRejected")
                .rejected(Rejection.ASSET_ALREADY_DEFINED, "asset", "a new code", "GOLD");
    }

    @Test
    void isRejectedWhenTheFirstSupplyIsAboveTheMaximum() {
        ledger(1)
                .when(define(asset("GOLD", "999"), "1000", "alice"))
                .rejected(Rejection.MAX_SUPPLY_EXCEEDED, "initialSupply", "999", "1000");
    }

    @Test
    void mayStartWithAllOfItsMaximumSupply() {
        ledger(1)
                .when(define(asset("GOLD", MAX), MAX, "alice"))
                .balance("alice", MAX)
                .balance("@GOLD", "-" + MAX);
    }

    @Test
    void isRejectedWithASupplyButNoHolder() {
        ledger(1).when(define(asset("GOLD", null), "1", null)).rejected(Rejection.INITIAL_SUPPLY_NEEDS_HOLDER);
    }

    @Test
    void isRejectedWithAHolderButNoSupply() {
        ledger(1).when(define(asset("GOLD", null), "0", "alice")).rejected(Rejection.INITIAL_SUPPLY_NEEDS_HOLDER);
    }

    @Test
    void isUnknownToAnotherShardUntilItIsTold() {
        ledger(2)
                .given(open("bob1"))
                .whenSent(define("GOLD"))
                .whenSent(transfer("bob1", "carol1", "1"))
                .rejected(Rejection.ASSET_NOT_DEFINED)
                .deliver()
                .when(transfer("bob1", "carol1", "1"))
                .rejected(Rejection.INSUFFICIENT_FUNDS);
    }

    @Test
    void mayArriveAsMoneyBeforeTheShardIsToldOfIt() {
        LedgerFixture ledger = ledger(3).whenSent(define("GOLD")).whenSent(mint("bob1", "10"));
        Transit toBob = ledger.inTransit().get(2);
        assertThat(toBob).isInstanceOf(Transit.TransferCredit.class);
        Transit early = new Transit.TransferCredit(2, 1, 1, ((Transit.TransferCredit) toBob).terms());
        assertThat(ledger.rules().decide(ledger.transitInput(early), ledger.shard(1)))
                .isInstanceOfSatisfying(
                        Decision.Journaled.class,
                        d -> assertThat(d.entries())
                                .extracting(e -> e.event().type())
                                .containsExactly("TransferReceived"));
    }
}
