package io.pacioli.ledger.service;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of a process, at {@code GET /metrics} in Prometheus' text format: the JVM, the process, HTTP requests, and what
 * services add.
 *
 * <p>Meters of the ledger are named in Micrometer's form with the prefix {@code ledger.}, so that the counter
 * {@code ledger.commands} is exposed as {@code ledger_commands_total}. Labels must have few values: never an account, an id or a
 * path. Thread safe.
 */
public final class Metrics implements HttpModule, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Metrics.class);
    private static final String TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8";
    private static final float NANOS_PER_MILLI = 1_000_000f;
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");
    private static final Duration[] LATENCY_BUCKETS =
            List.of(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000).stream()
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Set<AutoCloseable> closeables = ConcurrentHashMap.newKeySet();
    private final ConcurrentMap<Served, Timer> served = new ConcurrentHashMap<>();

    private record Served(String method, String route, int status) {}

    /** Starts with the figures of the JVM and the process. */
    public Metrics() {
        List.of(
                        new ClassLoaderMetrics(),
                        new JvmMemoryMetrics(),
                        new JvmGcMetrics(),
                        new JvmThreadMetrics(),
                        new ProcessorMetrics(),
                        new FileDescriptorMetrics(),
                        new UptimeMetrics())
                .forEach(this::bind);
    }

    /** Where services create their counters, gauges and timers. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /**
     * Adds the figures of something else, such as Micrometer's {@code KafkaClientMetrics} of a consumer or producer, or its
     * {@code KafkaStreamsMetrics}. A binder that can be closed is closed with this at the latest; whoever replaces what it
     * measures closes it earlier.
     */
    public void bind(MeterBinder binder) {
        binder.bindTo(registry);
        if (binder instanceof AutoCloseable closeable) {
            closeables.add(closeable);
        }
    }

    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/process.yaml");
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/metrics", context -> context.contentType(TEXT_FORMAT).result(registry.scrape("text/plain")));
    }

    /** Times a request under its route's template, because raw paths would make a series of each account. */
    void requestServed(Context context, Float millis) {
        @Nullable Endpoint endpoint = context.endpoints().lastHttpEndpoint();
        HandlerType method = context.method();
        Served key = new Served(
                METHODS.contains(method.name()) ? method.name() : "OTHER",
                endpoint == null ? "none" : endpoint.path,
                context.statusCode());
        served.computeIfAbsent(key, this::timer).record(Duration.ofNanos((long) (millis * NANOS_PER_MILLI)));
    }

    private Timer timer(Served key) {
        return Timer.builder("http.server.requests")
                .description("Requests that the HTTP server answered")
                .tag("method", key.method())
                .tag("route", key.route())
                .tag("status", Integer.toString(key.status()))
                .serviceLevelObjectives(LATENCY_BUCKETS)
                .register(registry);
    }

    /** Stops to measure. */
    @Override
    public void close() {
        for (AutoCloseable closeable : closeables) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn("Failed to close {}", closeable.getClass().getName(), e);
            }
        }
        closeables.clear();
        registry.close();
    }
}
