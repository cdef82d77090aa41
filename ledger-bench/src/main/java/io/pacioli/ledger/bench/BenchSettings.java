package io.pacioli.ledger.bench;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Router;
import org.jspecify.annotations.Nullable;

/**
 * What the benchmark runs.
 *
 * @param shards shards of the ledger, 1 to 1000
 * @param accounts accounts to choose from, at least 2
 * @param skew the exponent of Zipf's law by which they are chosen; 0 for a uniform choice
 * @param acrossPercent the share of transfers between two shards, 0 to 100, which takes a uniform choice; null for as many as come by chance
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
        @Nullable Integer acrossPercent,
        int transfers,
        int rounds,
        int batch,
        int latencyRate,
        int latencySeconds,
        boolean decisionsOnly,
        int threads,
        long stateMemoryBytes,
        long seed) {
    /** @throws IllegalArgumentException when there can be no such share of transfers between two shards */
    public BenchSettings {
        if (acrossPercent != null && (acrossPercent < 0 || acrossPercent > 100)) {
            throw new IllegalArgumentException("the share across shards must be 0 to 100 percent: " + acrossPercent);
        }
        if (acrossPercent != null && skew > 0) {
            throw new IllegalArgumentException("a share across shards takes a uniform choice of accounts");
        }
        if (acrossPercent != null && acrossPercent > 0 && shards == 1) {
            throw new IllegalArgumentException("transfers across shards take two shards at least");
        }
    }

    /**
     * Which accounts transfers are between.
     *
     * @throws IllegalArgumentException when there are too few for the share between two shards
     */
    AccountPairs pairs() {
        if (acrossPercent != null) {
            Router router = new KafkaRouter(shards);
            return AccountPairs.across(
                    accounts, acrossPercent, account -> router.shardOf(BenchWorkload.account(account)));
        }
        return skew == 0 ? AccountPairs.uniform(accounts) : AccountPairs.zipf(accounts, skew);
    }

    /** How they are chosen, in words. */
    String choice() {
        String choice = skew == 0 ? "uniform choice" : "Zipf " + skew;
        return acrossPercent == null ? choice : choice + ", " + acrossPercent + "% across shards";
    }
}
