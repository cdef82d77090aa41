package io.pacioli.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AccountPairsTest {
    private static final int DRAWS = 200_000;

    @Test
    void nobodyPaysThemselvesAndAllAreAccounts() {
        for (AccountPairs pairs : List.of(AccountPairs.uniform(3), AccountPairs.zipf(3, 2), AccountPairs.hot(3, 70))) {
            assertThat(draw(pairs)).allSatisfy(pair -> {
                assertThat(pair.from()).isNotEqualTo(pair.to()).isBetween(0, 2);
                assertThat(pair.to()).isBetween(0, 2);
            });
        }
    }

    @Test
    void hotAccountHasItsShareHalfOfItAsPayer() {
        List<AccountPairs.Pair> pairs = draw(AccountPairs.hot(100_000, 70));

        double pays = share(pairs.stream().filter(pair -> pair.from() == 0));
        double isPaid = share(pairs.stream().filter(pair -> pair.to() == 0));
        assertThat(pays + isPaid).isCloseTo(0.7, within(0.01));
        assertThat(pays).isCloseTo(isPaid, within(0.01));
    }

    @Test
    void skewedPayersAndPayeesAreAlike() {
        Zipf zipf = new Zipf(100_000, 0.99);
        List<AccountPairs.Pair> pairs = draw(AccountPairs.zipf(100_000, 0.99));

        assertThat(share(pairs.stream().filter(pair -> pair.from() == 0))).isCloseTo(zipf.probability(0), within(0.01));
        assertThat(share(pairs.stream().filter(pair -> pair.to() == 0))).isCloseTo(zipf.probability(0), within(0.01));
    }

    @Test
    void transfersAcrossShardsHaveTheirShare() {
        for (int percent : List.of(0, 30, 100)) {
            List<AccountPairs.Pair> pairs = draw(AccountPairs.across(1_000, percent, account -> account % 7));

            assertThat(pairs).noneMatch(pair -> pair.from() == pair.to());
            assertThat(share(pairs.stream().filter(pair -> pair.from() % 7 != pair.to() % 7)))
                    .isCloseTo(percent / 100.0, within(0.01));
            assertThat(pairs.stream().map(AccountPairs.Pair::from).distinct()).hasSize(1_000);
            assertThat(pairs.stream().map(AccountPairs.Pair::to).distinct()).hasSize(1_000);
        }
    }

    @Test
    void aShareThatThereCannotBeIsRefused() {
        assertThatThrownBy(() -> AccountPairs.across(10, 1, account -> 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AccountPairs.across(3, 99, account -> account % 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AccountPairs.across(10, -1, account -> account % 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneAccountIsTooFew() {
        assertThatThrownBy(() -> AccountPairs.uniform(1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> AccountPairs.hot(10, 101)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<AccountPairs.Pair> draw(AccountPairs pairs) {
        SplittableRandom random = new SplittableRandom(42);
        return Stream.generate(() -> pairs.next(random)).limit(DRAWS).toList();
    }

    private static double share(Stream<AccountPairs.Pair> pairs) {
        return (double) pairs.count() / DRAWS;
    }
}
