package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MetricsTest {
    @Test
    void exposesRequestsByRouteTemplateAndNeverByPath() {
        try (RunningServer running =
                RunningServer.of(routes -> routes.get("/v1/accounts/{account}", context -> context.json(Map.of())))) {
            running.get("/v1/accounts/alice");
            running.get("/v1/accounts/bob?x=1");
            running.get("/no/such/path");
            running.send("BREW", "/v1/accounts/carol", BodyPublishers.noBody());

            String text = scrapeUntil(running, "method=\"OTHER\"");
            assertThat(text)
                    .contains("# TYPE http_server_requests_seconds histogram")
                    .contains(
                            "http_server_requests_seconds_count{method=\"GET\",route=\"/v1/accounts/{account}\",status=\"200\"} 2")
                    .contains("http_server_requests_seconds_count{method=\"GET\",route=\"none\",status=\"404\"} 1")
                    .contains("method=\"OTHER\",route=\"none\"")
                    .doesNotContain("alice")
                    .doesNotContain("BREW")
                    .doesNotContain("such");
        }
    }

    /** A request is timed after its answer has gone out, so the client may be back before. */
    private static String scrapeUntil(RunningServer running, String expected) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        String text = running.get("/metrics").body();
        while (!text.contains(expected) && System.nanoTime() < deadline) {
            text = running.get("/metrics").body();
        }
        return text;
    }

    @Test
    void exposesTheJvmTheProcessAndWhatServicesCount() {
        try (RunningServer running = RunningServer.of()) {
            running.metrics
                    .registry()
                    .counter("ledger.commands", "outcome", "applied")
                    .increment(3);
            HttpResponse<String> response = running.get("/metrics");
            assertThat(RunningServer.contentType(response)).startsWith("text/plain; version=0.0.4");
            assertThat(response.body())
                    .contains("ledger_commands_total{outcome=\"applied\"} 3.0")
                    .contains("jvm_memory_used_bytes")
                    .contains("process_uptime_seconds")
                    .contains("process_files_open_files");
        }
    }

    @Test
    void closesWhatItBound() {
        AtomicBoolean closed = new AtomicBoolean();
        class Binder implements MeterBinder, AutoCloseable {
            @Override
            public void bindTo(MeterRegistry registry) {
                registry.gauge("ledger.bound", 1);
            }

            @Override
            public void close() {
                closed.set(true);
            }
        }
        try (Metrics metrics = new Metrics()) {
            metrics.bind(new Binder());
            assertThat(metrics.registry().scrape()).contains("ledger_bound");
        }
        assertThat(closed).isTrue();
    }
}
