package io.pacioli.ledger.bench;

/**
 * What the benchmark runs.
 *
 * @param shards shards of the ledger, 1 to 1000
 * @param accounts accounts to choose from, at least 2
 * @param skew the exponent of Zipf's law by which they are chosen; 0 for a uniform choice
 * @param transfers transfers of each throughput round, at least 1
 * @param rounds throughput rounds; the median counts
 * @param batch commands that are sent together in rounds of their own beside those of single ones; 0 for no such rounds
 * @param latencyRate transfers a second while latency is measured
 * @param latencySeconds how long latency is measured, after as long a warm-up
 * @param decisionsOnly whether neither latency nor projections are measured
 * @param threads threads of the processor
 * @param stateMemoryBytes memory outside the heap for the processor's state
 * @param seed of the choice of accounts and amounts
 */
public record BenchSettings(
        int shards,
        int accounts,
        double skew,
        int transfers,
        int rounds,
        int batch,
        int latencyRate,
        int latencySeconds,
        boolean decisionsOnly,
        int threads,
        long stateMemoryBytes,
        long seed) {
    /** Which accounts transfers are between. */
    AccountPairs pairs() {
        return skew == 0 ? AccountPairs.uniform(accounts) : AccountPairs.zipf(accounts, skew);
    }

    /** How they are chosen, in words. */
    String choice() {
        return skew == 0 ? "uniform choice" : "Zipf " + skew;
    }
}
