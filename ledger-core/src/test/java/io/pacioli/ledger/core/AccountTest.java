package io.pacioli.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountTest {
    @Test
    void keepsItsHoldingsInTheOrderOfTheirAssetsWhateverTheOrderOfTheirComing() {
        for (List<String> coming : List.of(
                List.of("A", "B", "C"),
                List.of("A", "C", "B"),
                List.of("B", "A", "C"),
                List.of("B", "C", "A"),
                List.of("C", "A", "B"),
                List.of("C", "B", "A"))) {
            Account account = Account.fresh("alice");
            for (String asset : coming) {
                account = account.post(holding(asset, 1));
            }
            assertThat(account.holdings()).containsExactly(holding("A", 1), holding("B", 1), holding("C", 1));
            assertThat(account.version()).isEqualTo(3);
        }
    }

    @Test
    void replacesAHoldingAndForgetsAnEmptyOne() {
        Account account = Account.fresh("alice")
                .post(holding("A", 1))
                .post(holding("B", 1))
                .post(holding("C", 1));
        assertThat(account.post(holding("B", 5)).holdings())
                .containsExactly(holding("A", 1), holding("B", 5), holding("C", 1));
        assertThat(account.post(holding("B", 0)).holdings()).containsExactly(holding("A", 1), holding("C", 1));
        assertThat(account.post(holding("A", 0)).post(holding("B", 0)).holdings())
                .containsExactly(holding("C", 1));
        assertThat(account.post(holding("D", 0)).holdings()).isEqualTo(account.holdings());
    }

    @Test
    void keepsAHoldingThatIsEmptyInOneBucketOnly() {
        Account account = Account.fresh("alice").post(Holding.empty("A").with(Bucket.HELD, BigInteger.TWO));
        assertThat(account.holdings()).hasSize(1);
        assertThat(account.holding("A").total()).isEqualTo(2);
        assertThat(account.holding("A").available()).isZero();
    }

    @Test
    void postingsOfOneDraftOnOneAccountFollowEachOther() {
        LedgerFixture ledger = LedgerFixture.goldLedger(1).given(Request.mint("alice", "10"));
        Input input = ledger.commandInput(Request.open("bob").withId("o"));
        Event event = new Event.AccountOpened("bob", AccountLimits.DEFAULT, java.util.Map.of());
        Entry entry = new EntryDraft(ledger.shard(0))
                .post("alice", "GOLD", BigInteger.valueOf(-4))
                .post("bob", "GOLD", BigInteger.valueOf(4))
                .post("bob", "GOLD", BigInteger.valueOf(-3))
                .post("alice", "GOLD", BigInteger.valueOf(3))
                .post("alice", "GOLD", BigInteger.valueOf(-1))
                .post("bob", "GOLD", BigInteger.valueOf(1))
                .finish(input, "o", null, event);
        assertThat(entry.postings())
                .extracting(Posting::balance)
                .extracting(BigInteger::intValueExact)
                .containsExactly(6, 4, 1, 9, 8, 2);
        assertThat(entry.postings()).extracting(Posting::version).containsExactly(2L, 1L, 2L, 3L, 4L, 3L);
    }

    private static Holding holding(String asset, long available) {
        return Holding.empty(asset).with(Bucket.AVAILABLE, BigInteger.valueOf(available));
    }
}
