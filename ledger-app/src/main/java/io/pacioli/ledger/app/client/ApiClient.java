package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.service.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A ledger's HTTP APIs, at one address or, when each service runs alone, at several: a request goes to the first that knows its
 * path, past those where nobody listens. Thread safe.
 */
public final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int NOT_FOUND = 404;

    private final List<URI> bases;
    private final Duration timeout;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /**
     * @param bases where the ledger is, such as {@code http://127.0.0.1:8080}; at least one
     * @param timeout how long an answer may take
     */
    public ApiClient(List<URI> bases, Duration timeout) {
        for (URI base : bases) {
            boolean known = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
            if (!known || base.getHost() == null) {
                throw new CommandFailure("the URL must be http:// or https:// with a host: " + base);
            }
        }
        this.bases = List.copyOf(bases);
        this.timeout = timeout;
    }

    /**
     * An answer.
     *
     * @param status 200 to 299
     * @param body its JSON
     */
    public record Answer(int status, JsonNode body) {}

    /** A success, with its JSON if it is any. */
    private record Received(HttpResponse<byte[]> response, JsonNode json) {}

    /**
     * Asks.
     *
     * @param path with its parameters, encoded, such as {@code /v1/assets}
     * @throws ApiFailure when the answer is not a success, or nobody listens
     * @throws CommandFailure when there is no answer
     */
    public JsonNode get(String path) {
        return send(path, HttpRequest.Builder::GET).json();
    }

    /**
     * Asks for what two services know.
     *
     * @param otherwise the path to ask when nobody serves the first one
     * @throws ApiFailure when the answer is not a success, or nobody listens
     * @throws CommandFailure when there is no answer
     */
    public JsonNode get(String path, String otherwise) {
        try {
            return get(path);
        } catch (ApiFailure e) {
            if (!e.isNotServed()) {
                throw e;
            }
            return get(otherwise);
        }
    }

    /**
     * Asks for something that is no JSON.
     *
     * @throws ApiFailure when the answer is not a success, or nobody listens
     * @throws CommandFailure when there is no answer
     */
    public String text(String path) {
        return new String(send(path, HttpRequest.Builder::GET).response().body(), StandardCharsets.UTF_8);
    }

    /**
     * Hands over JSON.
     *
     * @throws ApiFailure when the answer is not a success, or nobody listens
     * @throws CommandFailure when there is no answer
     */
    public Answer post(String path, byte[] json) {
        Received received = send(
                path,
                request -> request.header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(json)));
        return new Answer(received.response().statusCode(), received.json());
    }

    /** One segment of a path. */
    public static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Received send(String path, UnaryOperator<HttpRequest.Builder> method) {
        return first(bases, base -> send(base, path, method));
    }

    /**
     * Asks one after the other; that nobody listens at one of them matters only when no other serves the path.
     *
     * @param ask throws an {@link ApiFailure} when it is refused
     */
    static <T> T first(List<URI> bases, Function<URI, T> ask) {
        Deque<ApiFailure> refusals = new ArrayDeque<>();
        for (URI base : bases) {
            try {
                return ask.apply(base);
            } catch (ApiFailure e) {
                if (!e.isNotServed()) {
                    throw e;
                }
                if (e.isUnanswered()) {
                    refusals.addFirst(e);
                } else {
                    refusals.addLast(e);
                }
            }
        }
        throw refusals.getFirst();
    }

    private Received send(URI base, String path, UnaryOperator<HttpRequest.Builder> method) {
        HttpRequest request = method.apply(request(base, path))
                .timeout(timeout)
                .header("Accept", "application/json, application/problem+json")
                .build();
        HttpResponse<byte[]> response = exchange(http, base, request, HttpResponse.BodyHandlers.ofByteArray());
        JsonNode json = json(base, response);
        if (response.statusCode() / 100 != 2) {
            throw failure(request, response.statusCode(), json);
        }
        return new Received(response, json);
    }

    static HttpRequest.Builder request(URI base, String path) {
        return HttpRequest.newBuilder(URI.create(base.toString().replaceFirst("/+$", "") + path));
    }

    /**
     * Sends a request that says how long its answer may take.
     *
     * @throws ApiFailure when nobody listens
     * @throws CommandFailure when there is no answer
     */
    static <T> HttpResponse<T> exchange(HttpClient http, URI base, HttpRequest request, BodyHandler<T> body) {
        try {
            return http.send(request, body);
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw ApiFailure.unanswered(
                    "nobody answers at " + base + ": start a ledger with 'ledger up', or name one with --url", e);
        } catch (HttpTimeoutException e) {
            long seconds = request.timeout().orElse(Duration.ZERO).toSeconds();
            throw new CommandFailure(base + " did not answer within " + seconds + " s", e);
        } catch (IOException e) {
            throw unread(base, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while waiting for " + base, e);
        }
    }

    static CommandFailure unread(URI base, IOException e) {
        return new CommandFailure("no answer from " + base + ": " + e.getMessage(), e);
    }

    private static JsonNode json(URI base, HttpResponse<byte[]> response) {
        String type = response.headers().firstValue("Content-Type").orElse("");
        try {
            return json(type, response.body());
        } catch (IOException e) {
            throw unread(base, e);
        }
    }

    /** What a body says, if it is JSON by its type. */
    static JsonNode json(String type, byte[] body) throws IOException {
        if (!type.contains("json") || body.length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return Json.mapper().readTree(body);
        } catch (JsonProcessingException e) {
            throw new IOException("the answer is not JSON", e);
        }
    }

    static ApiFailure failure(HttpRequest request, int status, JsonNode problem) {
        String detail = problem.path("detail").asText("");
        String code = problem.path("code").asText("");
        String message = detail.isEmpty() || (status == NOT_FOUND && code.isEmpty())
                ? request.method() + " " + request.uri() + " answered " + status
                        + (status == NOT_FOUND
                                ? ": that service does not serve it, name the one that does with --url"
                                : "")
                : code.isEmpty() ? detail : code + ": " + detail;
        return new ApiFailure(status, problem, message);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
