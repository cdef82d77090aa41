package io.pacioli.ledger.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** What the gateway counts: {@code ledger_gateway_commands_total} and the time that answers take. Thread safe. */
final class GatewayMetrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    /** How a request ended, as a label. */
    enum Result {
        ACCEPTED,
        REJECTED,
        /** Acknowledged, but without an outcome in time, or waiting for its own time. */
        PENDING,
        /** Not a command, or not asked for as it must be. */
        MALFORMED,
        /** Too many were on their way. */
        OVERLOADED,
        /** Not known to be acknowledged. */
        UNAVAILABLE
    }

    private final MeterRegistry registry;

    GatewayMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Measures how many commands are on their way. */
    void measureInFlight(Supplier<Number> inFlight) {
        Gauge.builder("ledger.gateway.in.flight", inFlight)
                .description("Commands on their way")
                .register(registry);
    }

    /** Measures how many bytes of request bodies are held: {@code ledger_gateway_bodies_bytes}. */
    void measureBodies(Supplier<Number> bytes) {
        Gauge.builder("ledger.gateway.bodies", bytes)
                .description(
                        "Room that bodies of requests take, of single commands and of batches: their greatest length until they are"
                                + " read, then their own until they are answered")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
    }

    /**
     * Counts a request.
     *
     * @param type the command's type; {@code none} when there was no command
     * @param nanos how long it took to answer
     */
    void answered(String type, Result result, long nanos) {
        String outcome = result.name().toLowerCase(Locale.ROOT);
        registry.counter("ledger.gateway.commands", "type", type, "outcome", outcome)
                .increment();
        Timer.builder("ledger.gateway.latency")
                .description("From a request's arrival to its answer")
                .tag("outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.ofNanos(nanos));
    }
}
