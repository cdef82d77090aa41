package io.pacioli.ledger.projection.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The projector's figures. */
final class ProjectionMetrics {
    private final MeterRegistry registry;
    private final Counter entries;
    private final Counter notifications;
    private final Counter resumptions;
    private final DistributionSummary batchEntries;
    private final DistributionSummary batchChanges;
    private final Timer batch;
    private final Map<Integer, Lag> lags = new ConcurrentHashMap<>();

    private record Lag(AtomicLong entries, Meter.Id id) {}

    ProjectionMetrics(MeterRegistry registry) {
        this.registry = registry;
        entries = Counter.builder("ledger.projection.redis.entries")
                .description("Journal entries that this process has applied to Redis")
                .register(registry);
        notifications = Counter.builder("ledger.projection.redis.notifications")
                .description("Messages to those who watch accounts and assets that this process has published")
                .register(registry);
        resumptions = Counter.builder("ledger.projection.redis.resumptions")
                .description("Times that a shard was taken up from the position that Redis has")
                .register(registry);
        batchEntries = DistributionSummary.builder("ledger.projection.redis.batch.entries")
                .description("Journal entries in a batch")
                .register(registry);
        batchChanges = DistributionSummary.builder("ledger.projection.redis.batch.changes")
                .description("Balances that a batch changed")
                .register(registry);
        batch = Timer.builder("ledger.projection.redis.batch")
                .description("Time from sending a batch to Redis until its answer was taken")
                .register(registry);
    }

    void applied(ShardBatch applied, Duration time) {
        entries.increment(applied.entries());
        notifications.increment(applied.notifications());
        batchEntries.record(applied.entries());
        batchChanges.record(applied.changes());
        batch.record(time);
    }

    void resumed() {
        resumptions.increment();
    }

    /** How many journal offsets this process is behind in one of its shards: never fewer than the entries it is behind. */
    void lag(int shard, long behind) {
        lags.computeIfAbsent(shard, this::register).entries().set(behind);
    }

    /** The shard is another process's now, or is not being projected. */
    void forget(int shard) {
        Lag lag = lags.remove(shard);
        if (lag != null) {
            registry.remove(lag.id());
        }
    }

    private Lag register(int shard) {
        AtomicLong behind = new AtomicLong();
        Gauge gauge = Gauge.builder("ledger.projection.redis.lag", behind, AtomicLong::doubleValue)
                .description("Journal entries that Redis does not have yet; 0 when it has all")
                .tag("shard", Integer.toString(shard))
                .register(registry);
        return new Lag(behind, gauge.getId());
    }
}
