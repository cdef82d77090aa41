package io.pacioli.ledger.app.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.pacioli.ledger.service.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks services that may be away. Thread safe. */
final class Http implements AutoCloseable {
    static final int OK = 200;
    static final int TIMED_OUT = 408;
    static final int TOO_MANY = 429;
    static final int UNAVAILABLE = 503;

    private final HttpClient client;
    private final Duration timeout;

    /**
     * An answer.
     *
     * @param status its status
     * @param body its text
     */
    record Answer(int status, String body) {
        /** The body as JSON, or as nothing. */
        JsonNode json() {
            try {
                JsonNode json = Json.mapper().readTree(body);
                return json == null ? MissingNode.getInstance() : json;
            } catch (IOException e) {
                return MissingNode.getInstance();
            }
        }
    }

    /** @param timeout how long an answer may take */
    Http(Duration timeout) {
        this.timeout = timeout;
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    /** The answer to a GET, or null when there is none. */
    @Nullable
    Answer get(URI uri) {
        return send(HttpRequest.newBuilder(uri).timeout(timeout).build());
    }

    /** The answer to a POST of JSON, or null when there is none. */
    @Nullable
    Answer post(URI uri, byte[] json) {
        return send(HttpRequest.newBuilder(uri)
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build());
    }

    /** The status of the answer to a GET, or 0 when there is none. */
    int status(URI uri) {
        Answer answer = get(uri);
        return answer == null ? 0 : answer.status();
    }

    private @Nullable Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
