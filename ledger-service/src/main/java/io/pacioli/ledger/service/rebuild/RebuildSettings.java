package io.pacioli.ledger.service.rebuild;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Router;
import java.util.Map;

/**
 * How a projection is rebuilt.
 *
 * @param kafka settings of the consumers, with {@code bootstrap.servers}; they join no group
 * @param topics the ledger's topics, of which the journal is read
 * @param router of as many shards as the journal has partitions
 * @param threads how many shards are rebuilt at a time, at least 1
 * @param swapping whether the new takes the place of the old; else it is compared and thrown away
 * @param forced whether it does so even if the store holds what is not in this journal
 */
public record RebuildSettings(
        Map<String, String> kafka, Topics topics, Router router, int threads, boolean swapping, boolean forced) {
    /** @throws IllegalArgumentException when there is no thread */
    public RebuildSettings {
        kafka = Map.copyOf(kafka);
        if (threads < 1) {
            throw new IllegalArgumentException("must be at least 1: threads=" + threads);
        }
    }

    /** One thread a core, and a swap unless the store holds what is not in this journal. */
    public static RebuildSettings of(Map<String, String> kafka, Topics topics, Router router) {
        return new RebuildSettings(kafka, topics, router, Runtime.getRuntime().availableProcessors(), true, false);
    }

    /** The same, comparing only. */
    public RebuildSettings comparingOnly() {
        return new RebuildSettings(kafka, topics, router, threads, false, forced);
    }

    /** The same, whatever the store holds. */
    public RebuildSettings byForce() {
        return new RebuildSettings(kafka, topics, router, threads, swapping, true);
    }

    /** The same with another number of threads. */
    public RebuildSettings withThreads(int count) {
        return new RebuildSettings(kafka, topics, router, count, swapping, forced);
    }
}
