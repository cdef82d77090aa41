package io.pacioli.ledger.bench;

/**
 * What the benchmark runs.
 *
 * @param shards shards of the ledger, 1 to 1000
 * @param accounts accounts to choose from, uniformly, at least 2
 * @param transfers transfers of each throughput round, at least 1
 * @param rounds throughput rounds; the median counts
 * @param batch commands that are sent together in rounds of their own beside those of single ones; 0 for no such rounds
 * @param latencyRate transfers a second while latency is measured
 * @param latencySeconds how long latency is measured, after as long a warm-up
 * @param decisionsOnly whether neither latency nor projections are measured
 * @param threads threads of the processor
 * @param seed of the choice of accounts and amounts
 */
public record BenchSettings(
        int shards,
        int accounts,
        int transfers,
        int rounds,
        int batch,
        int latencyRate,
        int latencySeconds,
        boolean decisionsOnly,
        int threads,
        long seed) {
    /** 6 shards, 100,000 accounts, three rounds of 300,000 transfers, as many in batches of 3,000, then 2,000 a second for 10 s. */
    public static final BenchSettings DEFAULT =
            new BenchSettings(6, 100_000, 300_000, 3, 3_000, 2_000, 10, false, 2, 42);
}
