package io.pacioli.ledger.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The figures of streams. Thread safe. */
final class StreamMetrics {
    private final MeterRegistry registry;
    private final Counter events;
    private final Counter overflows;
    private final Counter catchUps;
    private final Counter cutOffs;
    private final AtomicLong lag = new AtomicLong();

    StreamMetrics(MeterRegistry registry) {
        this.registry = registry;
        events = Counter.builder("ledger.streams.events")
                .description("Events that were written to streams")
                .register(registry);
        overflows = Counter.builder("ledger.streams.overflows")
                .description("Times that a stream read too slowly for the recent entries and went back to the journal")
                .register(registry);
        catchUps = Counter.builder("ledger.streams.catch.ups")
                .description(
                        "Times that a stream had a part of the journal read for it, as the recent entries did not reach back")
                .register(registry);
        cutOffs = Counter.builder("ledger.streams.cut.offs")
                .description(
                        "Streams that were ended because they took their part too slowly while others waited for one")
                .register(registry);
        Gauge.builder("ledger.streams.lag", lag, AtomicLong::doubleValue)
                .description("Journal offsets that are not read yet, over all shards that are watched")
                .register(registry);
    }

    /** Measures how many streams are open. */
    void measureOpen(Supplier<Number> open) {
        Gauge.builder("ledger.streams.open", open)
                .description("Streams that are open")
                .register(registry);
    }

    void sent(int count) {
        events.increment(count);
    }

    void overflowed() {
        overflows.increment();
    }

    void wentBack() {
        catchUps.increment();
    }

    void cutOff() {
        cutOffs.increment();
    }

    void lag(long behind) {
        lag.set(behind);
    }
}
