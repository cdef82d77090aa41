package io.pacioli.ledger.projection.postgres;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;

/** The projector's figures. Written by the projecting thread only. */
final class ProjectorMetrics {
    private final MeterRegistry registry;
    private final Counter entries;
    private final DistributionSummary batchEntries;
    private final Timer batchTime;
    private final Map<Integer, Lag> lags = new HashMap<>();

    private record Lag(AtomicLong value, Gauge gauge) {}

    ProjectorMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.entries = Counter.builder("ledger.projection.postgres.entries")
                .description("Journal entries written to PostgreSQL")
                .register(registry);
        this.batchEntries = DistributionSummary.builder("ledger.projection.postgres.batch.entries")
                .description("Journal entries of a transaction")
                .register(registry);
        this.batchTime = Timer.builder("ledger.projection.postgres.batch")
                .description("Time to write and commit a transaction")
                .register(registry);
    }

    void committed(HistoryBatch batch, Duration time) {
        entries.increment(batch.size());
        batchEntries.record(batch.size());
        batchTime.record(time);
    }

    /** Takes the lag of each shard that this instance projects, and shows no others. */
    long lags(Set<Integer> shards, IntToLongFunction lagOf) {
        long sum = 0;
        for (Iterator<Map.Entry<Integer, Lag>> known = lags.entrySet().iterator(); known.hasNext(); ) {
            Map.Entry<Integer, Lag> lag = known.next();
            if (!shards.contains(lag.getKey())) {
                registry.remove(lag.getValue().gauge());
                known.remove();
            }
        }
        for (int shard : shards) {
            long lag = lagOf.applyAsLong(shard);
            lags.computeIfAbsent(shard, this::register).value().set(lag);
            sum += lag;
        }
        return sum;
    }

    private Lag register(int shard) {
        AtomicLong value = new AtomicLong();
        Gauge gauge = Gauge.builder("ledger.projection.postgres.lag", value, AtomicLong::doubleValue)
                .description("Offsets of the journal that PostgreSQL does not have yet")
                .tag("shard", Integer.toString(shard))
                .register(registry);
        return new Lag(value, gauge);
    }
}
