package io.pacioli.ledger.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.service.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;

/** A gateway behind a real server on a free port, and a real client of it. */
public final class RunningGateway implements AutoCloseable {
    private static final Duration REQUEST_MAX = Duration.ofMinutes(2);
    private static final Duration AWAIT_MAX = Duration.ofMinutes(3);

    public final Health health = new Health();
    private final Metrics metrics = new Metrics();
    private final GatewayService service;
    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningGateway(GatewaySettings settings) {
        service = new GatewayService(settings, health, metrics);
        server = HttpServer.start(HttpServer.Settings.ofPort(0), health, metrics, service.modules());
        service.start();
    }

    public static RunningGateway start(GatewaySettings settings) {
        return new RunningGateway(settings);
    }

    public static GatewaySettings settings(String bootstrapServers, Topics topics) {
        return GatewaySettings.of(Map.of("bootstrap.servers", bootstrapServers), topics);
    }

    static void createTopics(String bootstrapServers, Topics topics, int shards) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            LedgerTopics.ensure(admin, topics, new TopicSettings(shards, (short) 1));
        }
    }

    public RunningGateway awaitReady() {
        await(health::isReady);
        return this;
    }

    public URI uri() {
        return server.uri();
    }

    /** A figure of its metrics. */
    public double figure(String name) {
        return metrics.registry().get(name).meter().measure().iterator().next().getValue();
    }

    /** Stops the server and nothing else. */
    public void stopServing() {
        server.close();
    }

    /** The detail of what the gateway says about itself. */
    String detail() {
        return health.reports().getFirst().detail();
    }

    HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create(server.uri() + "/v1/commands" + query))
                .timeout(REQUEST_MAX);
    }

    HttpResponse<String> post(String query, String json) {
        return send(request(query)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    CompletableFuture<HttpResponse<String>> postLater(String query, String json) {
        return client.sendAsync(
                request(query)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public String metrics() {
        return metrics.registry().scrape();
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.mapper().readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    /** Waits for a condition, within a bound. */
    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + AWAIT_MAX.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come true within " + AWAIT_MAX);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
        service.close();
        metrics.close();
    }
}
