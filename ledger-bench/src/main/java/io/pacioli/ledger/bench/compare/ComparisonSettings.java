package io.pacioli.ledger.bench.compare;

import java.util.List;

/**
 * What the comparison runs.
 *
 * @param shards shards of the ledger, 1 to 1000
 * @param threads threads of its processor
 * @param accounts accounts to choose from, at least 2
 * @param rounds how often each system has its turn, which starts with fresh data; medians count
 * @param warmUpSeconds how long each run and each measurement of latency goes on before it counts
 * @param seconds how long transfers are sent in each that counts
 * @param skew the exponent of Zipf's law in the skewed workload, more than 0
 * @param hotPercent share of the transfers that one account pays or is paid in the hot workload, 0 to 100
 * @param rates transfers a second while latency is measured; each system is measured at half of its own median rate besides
 * @param only parts of the names of the systems that take part; none for all
 * @param seed of all chance
 */
public record ComparisonSettings(
        int shards,
        int threads,
        int accounts,
        int rounds,
        int warmUpSeconds,
        int seconds,
        double skew,
        int hotPercent,
        List<Integer> rates,
        List<String> only,
        long seed) {
    /** How many times as long each turn begins with a load that does not count. */
    private static final int FIRST_WARM_UP = 5;

    /** @throws IllegalArgumentException when a number is out of its range */
    public ComparisonSettings {
        rates = List.copyOf(rates);
        only = List.copyOf(only);
        if (shards < 1 || threads < 1 || rounds < 1 || warmUpSeconds < 1 || seconds < 1) {
            throw new IllegalArgumentException("shards, threads, rounds and seconds must be at least 1");
        }
        if (accounts < 2) {
            throw new IllegalArgumentException("must be at least 2: accounts=" + accounts);
        }
        if (!(skew > 0) || hotPercent < 0 || hotPercent > 100) {
            throw new IllegalArgumentException(
                    "the skew must be more than 0, and the hot share 0 to 100: skew=" + skew + " hot=" + hotPercent);
        }
        if (rates.stream().anyMatch(rate -> rate < 1)) {
            throw new IllegalArgumentException("rates must be at least 1: " + rates);
        }
    }

    /** How long each turn begins with a load that does not count, in seconds. */
    int firstWarmUpSeconds() {
        return FIRST_WARM_UP * warmUpSeconds;
    }
}
