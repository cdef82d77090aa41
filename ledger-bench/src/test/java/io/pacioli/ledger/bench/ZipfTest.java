package io.pacioli.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ZipfTest {
    private static final int DRAWS = 1_000_000;

    @Test
    void probabilitiesFollowTheLaw() {
        Zipf zipf = new Zipf(100_000, 0.99);

        assertThat(IntStream.range(0, 100_000).mapToDouble(zipf::probability).sum())
                .isCloseTo(1, within(1e-9));
        assertThat(zipf.probability(0) / zipf.probability(9)).isCloseTo(Math.pow(10, 0.99), within(1e-6));
        assertThat(zipf.probability(9) / zipf.probability(99)).isCloseTo(Math.pow(10, 0.99), within(1e-6));
    }

    @Test
    void ranksComeUpAsOftenAsTheyShould() {
        Zipf zipf = new Zipf(1_000, 0.99);
        int[] counts = new int[1_000];
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < DRAWS; i++) {
            counts[zipf.next(random)]++;
        }

        for (int rank : new int[] {0, 1, 2, 10, 100, 999}) {
            double expected = zipf.probability(rank) * DRAWS;
            // Six standard deviations.
            assertThat((double) counts[rank]).as("rank %d", rank).isCloseTo(expected, within(6 * Math.sqrt(expected)));
        }
    }

    @Test
    void oneRankIsAlwaysTheFirst() {
        assertThat(new Zipf(1, 1).next(new SplittableRandom(1))).isZero();
    }

    @Test
    void whatIsNoLawIsRefused() {
        assertThatThrownBy(() -> new Zipf(0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Zipf(10, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Zipf(10, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
