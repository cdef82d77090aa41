package io.pacioli.ledger.core;

import static io.pacioli.ledger.core.LedgerFixture.goldLedger;
import static io.pacioli.ledger.core.LedgerFixture.ledger;
import static io.pacioli.ledger.core.Request.MAX;
import static io.pacioli.ledger.core.Request.define;
import static io.pacioli.ledger.core.Request.highest;
import static io.pacioli.ledger.core.Request.lowest;
import static io.pacioli.ledger.core.Request.mint;
import static io.pacioli.ledger.core.Request.open;
import static io.pacioli.ledger.core.Request.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransferTest {
    @Test
    void movesMoneyInOneEntry() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "100"))
                .when(transfer("alice", "bob", "30"))
                .then("TransferPosted")
                .accepted("TransferPosted")
                .balance("alice", "70")
                .balance("bob", "30");
        assertThat(ledger.since().getFirst().postings())
                .containsExactly(
                        new Posting("alice", Bucket.AVAILABLE, "GOLD", big("-30"), big("70"), 2),
                        new Posting("bob", Bucket.AVAILABLE, "GOLD", big("30"), big("30"), 1));
    }

    @Test
    void carriesMemoAndMetadata() {
        Request told = id -> new Command.Transfer(
                id, "GOLD", "alice", "bob", Amount.of(1), "rent", Conditions.NONE, Map.of("b", "2", "a", "1"));
        LedgerFixture ledger = goldLedger(1).given(mint("alice", "1")).when(told.as("t"));
        assertThat(ledger.since().getFirst().event())
                .isEqualTo(new Event.TransferPosted(new TransferTerms(
                        "t",
                        TransferKind.TRANSFER,
                        "GOLD",
                        "alice",
                        "bob",
                        Amount.of(1),
                        null,
                        "rent",
                        Map.of("a", "1", "b", "2"))));
    }

    @Test
    void maySpendEverything() {
        goldLedger(1)
                .given(mint("alice", MAX))
                .when(transfer("alice", "bob", MAX))
                .balance("alice", "0")
                .balance("bob", MAX);
    }

    @Test
    void mayNotSpendOneMoreThanEverything() {
        goldLedger(1)
                .given(mint("alice", "100"))
                .when(transfer("alice", "bob", "101"))
                .then("CommandRejected")
                .rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "100", "101")
                .balance("alice", "100")
                .balance("bob", "none");
    }

    @Test
    void maySpendACreditLineToTheLastUnit() {
        goldLedger(1)
                .given(open("alice", lowest("-50")))
                .when(transfer("alice", "bob", "51"))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "50", "51")
                .when(transfer("alice", "bob", "50"))
                .balance("alice", "-50");
    }

    @Test
    void maySpendACreditLineOf38Digits() {
        goldLedger(1)
                .given(open("alice", lowest("-" + MAX)))
                .when(transfer("alice", "bob", MAX))
                .balance("alice", "-" + MAX)
                .when(transfer("alice", "carol", "1"))
                .rejected(Rejection.INSUFFICIENT_FUNDS, "amount", "0", "1");
    }

    @Test
    void hasACreditLineInNoOtherAsset() {
        goldLedger(1)
                .given(define("EUR"), open("alice", lowest("-50")))
                .when(transfer("EUR", "alice", "bob", "1"))
                .rejected(Rejection.INSUFFICIENT_FUNDS);
    }

    @Test
    void mayFillThePayeeToItsHighestBalance() {
        goldLedger(1)
                .given(mint("alice", "100"), open("bob", highest("10")))
                .when(transfer("alice", "bob", "11"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "10", "11")
                .when(transfer("alice", "bob", "10"))
                .balance("bob", "10");
    }

    @Test
    void mayNotBringThePayeeAbove38Digits() {
        goldLedger(1)
                .given(mint("bob", MAX), open("alice", lowest("-1")))
                .when(transfer("alice", "bob", "1"))
                .rejected(Rejection.HIGHEST_BALANCE_EXCEEDED, "amount", "0", "1");
    }

    @Test
    void toOneselfIsRejected() {
        goldLedger(1)
                .given(mint("alice", "100"))
                .when(transfer("alice", "alice", "1"))
                .rejected(Rejection.ACCOUNTS_MUST_BE_DIFFERENT, "to", "another than alice", "alice");
    }

    @Test
    void ofNothingIsRejected() {
        goldLedger(1)
                .given(mint("alice", "100"))
                .when(transfer("alice", "bob", "0"))
                .rejected(Rejection.AMOUNT_MUST_BE_POSITIVE, "amount", "1", "0");
    }

    @Test
    void fromNobodyIsRejected() {
        goldLedger(1)
                .when(transfer("nobody", "bob", "1"))
                .rejected(Rejection.ACCOUNT_NOT_OPEN, "from", "an open account", "nobody");
    }

    @Test
    void ofAnUnknownAssetIsRejected() {
        goldLedger(1)
                .given(mint("alice", "100"))
                .when(transfer("EUR", "alice", "bob", "1"))
                .rejected(Rejection.ASSET_NOT_DEFINED, "asset", "a defined asset", "EUR");
    }

    @Test
    void betweenAccountsThatShareABraceStaysOnOneShard() {
        ledger(2)
                .given(define("GOLD"), mint("till-7{acme1}", "100"))
                .when(transfer("till-7{acme1}", "{acme1}safe", "40"))
                .then("TransferPosted")
                .balance("{acme1}safe", "40");
    }

    @Test
    void afterAnEmptyHoldingKeepsTheAccountsVersion() {
        LedgerFixture ledger = goldLedger(1)
                .given(mint("alice", "1"), transfer("alice", "bob", "1"), mint("alice", "1"))
                .when(transfer("alice", "bob", "1"));
        assertThat(ledger.since().getFirst().postings())
                .extracting(Posting::version)
                .containsExactly(4L, 2L);
        Account alice = java.util.Objects.requireNonNull(ledger.shard(0).account("alice"));
        assertThat(alice.holdings()).isEmpty();
    }

    private static BigInteger big(String digits) {
        return new BigInteger(digits);
    }
}
