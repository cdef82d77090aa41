package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Posting;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BalanceCheckTest {
    private static final String COIN = "COIN";
    private static final String ISSUER = "@COIN";

    private final Violations violations = new Violations();

    @Test
    void whatFollowsIsFine() {
        BalanceCheck check = check(
                seen("alice", 0, null),
                seen("alice", 1, 10),
                seen("alice", 2, 7),
                seen("bob", 1, null),
                seen("bob", 2, 3));
        check.entry(moved(1, posting(ISSUER, -10, -10, 1), posting("alice", 10, 10, 1)));
        check.entry(moved(2, posting("alice", -3, 7, 2), posting("bob", 3, 3, 1)));

        check.finish();

        assertThat(violations.first()).isEmpty();
    }

    @Test
    void aBalanceThatDoesNotFollowIsFound() {
        BalanceCheck check = check();
        check.entry(moved(1, posting(ISSUER, -10, -10, 1), posting("alice", 10, 11, 1)));

        assertThat(violations.first())
                .containsExactly(
                        "0:1 gives alice 11 COIN at version 1, which does not follow from version 0: it must be 10");
    }

    @Test
    void aVersionThatIsMissingIsFound() {
        BalanceCheck check = check();
        check.entry(moved(1, posting(ISSUER, -10, -10, 1), posting("alice", 10, 10, 2)));

        assertThat(violations.count()).isEqualTo(1);
    }

    @Test
    void anEntryThatIsMissingIsFound() {
        BalanceCheck check = check();
        check.entry(moved(2, posting(ISSUER, -10, -10, 1), posting("alice", 10, 10, 1)));

        assertThat(violations.first()).containsExactly("the journal of shard 0 goes from 0 to 2");
    }

    @Test
    void aBalanceBelowItsLimitIsFound() {
        BalanceCheck check = check();
        check.entry(opened(1, "alice", -5));
        check.entry(moved(2, posting("alice", -5, -5, 1), posting("bob", 5, 5, 1)));
        assertThat(violations.first()).isEmpty();

        check.entry(moved(3, posting("alice", -1, -6, 2), posting("bob", 1, 6, 2)));

        assertThat(violations.first()).singleElement().asString().startsWith("0:3 leaves alice with ");
    }

    @Test
    void aBalanceThatNobodyHadIsFound() {
        BalanceCheck check = check(seen("alice", 1, 7));
        check.entry(moved(1, posting(ISSUER, -10, -10, 1), posting("alice", 10, 10, 1)));

        assertThat(violations.first()).singleElement().asString().startsWith("Redis showed alice with ");
    }

    /** It was right one entry later: that is not where it was shown. */
    @Test
    void aBalanceOfAnotherPositionIsFound() {
        BalanceCheck check = check(seen("alice", 1, 7));
        check.entry(moved(1, posting(ISSUER, -10, -10, 1), posting("alice", 10, 10, 1)));
        check.entry(moved(2, posting("alice", -3, 7, 2), posting("bob", 3, 3, 1)));

        assertThat(violations.count()).isEqualTo(1);
    }

    @Test
    void anAccountThatWasThereAndNotShownIsFound() {
        BalanceCheck check = check(seen("alice", 1, null));
        check.entry(moved(1, posting(ISSUER, -10, -10, 1), posting("alice", 10, 10, 1)));

        assertThat(violations.count()).isEqualTo(1);
    }

    @Test
    void whatWasShownBeyondTheJournalIsFound() {
        BalanceCheck check = check(seen("alice", 9, 10));
        check.entry(moved(1, posting(ISSUER, -10, -10, 1), posting("alice", 10, 10, 1)));

        check.finish();

        assertThat(violations.first()).containsExactly("Redis showed alice at 0:9, and the journal ends at 1");
    }

    private BalanceCheck check(Seen... seen) {
        return new BalanceCheck(0, List.of(seen).stream().sorted(Seen.ORDER).toList(), violations);
    }

    private static Seen seen(String account, long sequence, @Nullable Integer available) {
        Holding empty = Holding.empty(COIN);
        List<Holding> holdings =
                available == null ? null : List.of(empty.with(Bucket.AVAILABLE, BigInteger.valueOf(available)));
        return new Seen("Redis", account, 0, sequence, holdings);
    }

    private static Posting posting(String account, long amount, long balance, long version) {
        return new Posting(
                account, Bucket.AVAILABLE, COIN, BigInteger.valueOf(amount), BigInteger.valueOf(balance), version);
    }

    private static Entry opened(long sequence, String account, long lowest) {
        AccountLimits limits = new AccountLimits(Map.of(COIN, BigInteger.valueOf(lowest)), Map.of());
        return entry(sequence, new Event.AccountOpened(account, limits, Map.of()));
    }

    /** What happened does not matter to balances: only postings do. */
    private static Entry moved(long sequence, Posting... postings) {
        return entry(sequence, new Event.AccountFrozen("somebody", "", Map.of()), postings);
    }

    private static Entry entry(long sequence, Event event, Posting... postings) {
        return new Entry(0, sequence, null, null, "ledger.commands-0@" + sequence, 0, event, List.of(postings));
    }
}
