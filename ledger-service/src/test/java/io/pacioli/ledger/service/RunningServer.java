package io.pacioli.ledger.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** A real server on a free port, and a real client of it. */
final class RunningServer implements AutoCloseable {
    final Health health = new Health();
    final Metrics metrics = new Metrics();
    final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    private RunningServer(HttpServer.Settings settings, List<HttpModule> modules) {
        this.server = HttpServer.start(settings, health, metrics, modules);
    }

    static RunningServer of(HttpModule... modules) {
        return of(HttpServer.Settings.ofPort(0), modules);
    }

    static RunningServer of(HttpServer.Settings settings, HttpModule... modules) {
        return new RunningServer(settings, List.of(modules));
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path).headers(headers).build());
    }

    HttpResponse<String> post(String path, String body) {
        return send("POST", path, BodyPublishers.ofString(body));
    }

    HttpResponse<String> send(String method, String path, BodyPublisher body) {
        return send(request(path).method(method, body).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.uri() + path)).timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return Json.mapper().readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    static String contentType(HttpResponse<String> response) {
        return response.headers().firstValue("Content-Type").orElse("none");
    }

    @Override
    public void close() {
        client.close();
        server.close();
        metrics.close();
    }
}
