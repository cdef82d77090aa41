package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.START_MILLIS;
import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.Request.burn;
import static io.pacioli.ledger.core.Request.capture;
import static io.pacioli.ledger.core.Request.close;
import static io.pacioli.ledger.core.Request.freeze;
import static io.pacioli.ledger.core.Request.hold;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.reverse;
import static io.pacioli.ledger.core.Request.transfer;
import static io.pacioli.ledger.core.Request.unfreeze;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Giving back what a transfer or a capture has paid. */
class ReversalTest {
    @Test
    void givesBackAllWhenNoAmountIsGiven() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "10"), transfer("alice", "bob", "6").as("t"))
                .when(reverse("t", "bob", null).as("r"))
                .then("TransferPosted")
                .balance("alice", "10")
                .balance("bob", "0");
        assertThat(ledger.since().getFirst().event()).isInstanceOfSatisfying(Event.TransferPosted.class, posted -> {
            assertThat(posted.terms().kind()).isEqualTo(TransferKind.REVERSAL);
            assertThat(posted.terms().reference()).isEqualTo("t");
        });
        ledger.when(reverse("t", "bob", null))
                .rejected(Rejection.REVERSAL_EXCEEDS_TRANSFER, "amount", "0", "0")
                .when(reverse("r", "alice", null))
                .rejected(Rejection.TRANSFER_NOT_FOUND);
    }

    @Test
    void givesBackPartsButNeverMoreThanWasPaid() {
        goldLedger(1)
                .given(
                        mint("alice", "10"),
                        mint("bob", "10"),
                        transfer("alice", "bob", "6").as("t"))
                .given(reverse("t", "bob", "2"))
                .when(reverse("t", "bob", "5"))
                .rejected(Rejection.REVERSAL_EXCEEDS_TRANSFER, "amount", "4", "5")
                .when(reverse("t", "bob", null))
                .then("TransferPosted")
                .balance("alice", "10")
                .balance("bob", "10");
    }

    @Test
    void isRejectedWhenThePayeeCannotAffordIt() {
        goldLedger(1)
                .given(mint("alice", "10"), transfer("alice", "bob", "6").as("t"), transfer("bob", "carol", "3"))
                .when(reverse("t", "bob", null))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "3", "6")
                .when(reverse("t", "bob", "3"))
                .then("TransferPosted");
    }

    @Test
    void isForThePayeeOfTransfersAndCapturesOnly() {
        goldLedger(1)
                .given(
                        mint("alice", "10").as("m"),
                        transfer("alice", "bob", "6").as("t"))
                .given(
                        hold("alice", "bob", "2").as("h"),
                        capture("h", "alice", null, null).as("c"))
                .when(reverse("t", "alice", null))
                .rejected(Rejection.TRANSFER_NOT_FOUND, "transfer", "a transfer to alice", "t")
                .when(reverse("m", "alice", null))
                .rejected(Rejection.TRANSFER_NOT_FOUND)
                .when(reverse("h", "bob", null))
                .rejected(Rejection.TRANSFER_NOT_FOUND)
                .when(reverse("c", "bob", "1"))
                .then("TransferPosted")
                .balance("alice", "3");
    }

    @Test
    void goesAcrossShards() {
        goldLedger(2)
                .given(mint("alice", "10"), transfer("alice", "bob1", "6").as("t"))
                .when(reverse("t", "bob1", "4"))
                .then("TransferSent", "TransferReceived")
                .balance("alice", "8")
                .when(reverse("t", "bob1", "3"))
                .rejected(Rejection.REVERSAL_EXCEEDS_TRANSFER, "amount", "2", "3");
    }

    @Test
    void canBeMadeAgainAfterItCameBack() {
        goldLedger(2)
                .given(mint("alice", "10"), transfer("alice", "bob1", "6").as("t"), freeze("alice"))
                .when(reverse("t", "bob1", null))
                .then("TransferSent", "TransferRefused", "TransferReturned")
                .balance("bob1", "6")
                .given(unfreeze("alice"))
                .when(reverse("t", "bob1", null))
                .then("TransferSent", "TransferReceived")
                .balance("alice", "10");
    }

    @Test
    void isRejectedWhenTheFormerPayerCannotBePaidHere() {
        goldLedger(1)
                .given(mint("alice", "6"), transfer("alice", "bob", "6").as("t"), close("alice"))
                .when(reverse("t", "bob", null))
                .rejected(Rejection.ACCOUNT_CLOSED, "to", "an account that is not closed", "alice")
                .given(open("alice"))
                .when(reverse("t", "bob", null))
                .then("TransferPosted");
    }

    @Test
    void isPossibleAsLongAsTheTransferIsRemembered() {
        LedgerFixture.ledger(new ShardConfiguration(1, 50, 1_000))
                .given(
                        Request.define("GOLD"),
                        mint("alice", "10"),
                        transfer("alice", "bob", "6").as("t"))
                .at(START_MILLIS + 50)
                .when(reverse("t", "bob", "1"))
                .then("TransferPosted")
                .at(START_MILLIS + 51)
                .when(reverse("t", "bob", "1"))
                .rejected(Rejection.TRANSFER_NOT_FOUND);
    }

    @Test
    void ofMoneyThatIsBurntIsNotPossible() {
        goldLedger(1)
                .given(mint("alice", "10"), burn("alice", "10").as("b"))
                .when(reverse("b", "alice", null))
                .rejected(Rejection.TRANSFER_NOT_FOUND);
    }
}
