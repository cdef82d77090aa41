package io.pacioli.ledger.audit.notary;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The notary's figures. */
final class NotaryMetrics {
    private final MeterRegistry registry;
    private final Counter checkpoints;
    private final Counter entries;
    private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();

    private record Shard(AtomicLong unsigned, AtomicLong refused, List<Meter.Id> ids) {}

    NotaryMetrics(MeterRegistry registry) {
        this.registry = registry;
        checkpoints = Counter.builder("ledger.notary.checkpoints")
                .description("Checkpoints that this process has signed and published")
                .register(registry);
        entries = Counter.builder("ledger.notary.entries")
                .description("Journal entries that this process has verified")
                .register(registry);
    }

    void read(int count) {
        entries.increment(count);
    }

    void published(int count) {
        checkpoints.increment(count);
    }

    /** How many entries of a shard no checkpoint covers, and whether the notary refuses to sign it. */
    void shard(int shard, long unsigned, boolean isRefused) {
        Shard figures = shards.computeIfAbsent(shard, this::register);
        figures.unsigned().set(unsigned);
        figures.refused().set(isRefused ? 1 : 0);
    }

    /** The shard is another process's now. */
    void forget(int shard) {
        Shard figures = shards.remove(shard);
        if (figures != null) {
            figures.ids().forEach(registry::remove);
        }
    }

    private Shard register(int shard) {
        AtomicLong unsigned = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        List<Meter.Id> ids = new ArrayList<>();
        ids.add(Gauge.builder("ledger.notary.unsigned", unsigned, AtomicLong::doubleValue)
                .description("Journal entries that no checkpoint covers yet")
                .tag("shard", Integer.toString(shard))
                .register(registry)
                .getId());
        ids.add(Gauge.builder("ledger.notary.refused", refused, AtomicLong::doubleValue)
                .description("1 when the shard's journal contradicts what was signed of it, or is damaged; else 0")
                .tag("shard", Integer.toString(shard))
                .register(registry)
                .getId());
        return new Shard(unsigned, refused, ids);
    }
}
