package io.pacioli.ledger.bench;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Ranks as Zipf's law has them: rank r, counted from 0, comes up in proportion to {@code 1 / (r + 1)^exponent}. Exact, at the price of 8
 * bytes a rank. Thread safe.
 */
public final class Zipf {
    /** For each rank how likely it or one before it is. */
    private final double[] cumulative;

    /**
     * Sums up.
     *
     * @param ranks how many there are, at least 1
     * @param exponent how skewed, more than 0
     */
    public Zipf(int ranks, double exponent) {
        if (ranks < 1 || !(exponent > 0)) {
            throw new IllegalArgumentException("must be positive: ranks=" + ranks + " exponent=" + exponent);
        }
        cumulative = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) {
            sum += 1 / Math.pow(rank + 1.0, exponent);
            cumulative[rank] = sum;
        }
        for (int rank = 0; rank < ranks; rank++) {
            cumulative[rank] /= sum;
        }
    }

    /** The next rank, from 0. */
    public int next(SplittableRandom random) {
        int found = Arrays.binarySearch(cumulative, random.nextDouble());
        // Past an exact hit, for a rank has what lies below its own bound; between two bounds, the upper one is the
        // rank's.
        int rank = found >= 0 ? found + 1 : -found - 1;
        return Math.min(rank, cumulative.length - 1);
    }

    /** How likely a rank is. */
    public double probability(int rank) {
        return rank == 0 ? cumulative[0] : cumulative[rank] - cumulative[rank - 1];
    }
}
