package io.pacioli.ledger.processor;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Rejection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a processor has done since it started, and what its state takes; counts attempts, so a transaction that is repeated counts twice.
 * Thread safe.
 */
final class ProcessorMetrics {
    private final MeterRegistry registry;
    private final Map<String, Counter> accepted = new ConcurrentHashMap<>();
    private final Map<Rejection, Counter> rejected = new EnumMap<>(Rejection.class);
    private final Counter repeated;
    private final Counter pending;
    private final Counter journaled;
    private final Counter forwarded;
    private final Counter deadLettered;
    private final Counter repliesDropped;

    ProcessorMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Rejection code : Rejection.values()) {
            rejected.put(
                    code,
                    Counter.builder("ledger.commands.rejected")
                            .description("Commands that were rejected, by code")
                            .tag("code", code.name())
                            .register(registry));
        }
        pending = counter("ledger.commands.pending", "Commands that had to wait for their time or for other shards");
        repeated = counter("ledger.commands.repeated", "Commands that had been decided before");
        journaled = counter("ledger.entries", "Entries written to the journal");
        forwarded = counter("ledger.commands.forwarded", "Commands passed on to the shard they belong to");
        deadLettered = counter("ledger.commands.dead.lettered", "Records that were no commands");
        repliesDropped = counter("ledger.replies.dropped", "Outcomes whose reply topic was unknown or forbidden");
        Gauge.builder("ledger.state.memory.bytes", StateMemory::usedBytes)
                .description("Memory outside the heap that the state of all shards takes, of what it may")
                .register(registry);
    }

    void decided(Outcome outcome) {
        switch (outcome) {
            case Outcome.Accepted known ->
                accepted.computeIfAbsent(known.type(), this::accepted).increment();
            case Outcome.Refused refused -> rejected(refused.rejected().code());
            case Outcome.Pending waiting -> pending.increment();
        }
    }

    void repeated() {
        repeated.increment();
    }

    void journaled() {
        journaled.increment();
    }

    void forwarded() {
        forwarded.increment();
    }

    void deadLettered() {
        deadLettered.increment();
    }

    void replyDropped() {
        repliesDropped.increment();
    }

    private void rejected(Rejection code) {
        Counter counter = rejected.get(code);
        if (counter != null) {
            counter.increment();
        }
    }

    private Counter accepted(String type) {
        return Counter.builder("ledger.commands.accepted")
                .description("Commands that took effect, by type of event")
                .tag("type", type)
                .register(registry);
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }
}
