package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.service.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** A client of the ledger's event streams that comes back whenever it is cut off, and misses nothing. */
final class EventSource implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;

    private final List<URI> bases;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /** @param bases where the ledger is; the first that knows a path serves it */
    EventSource(List<URI> bases) {
        this.bases = List.copyOf(bases);
    }

    /**
     * Follows a stream until the listener has enough.
     *
     * @param path with its parameters, encoded
     * @param listener whether to go on after an event
     * @throws CommandFailure when nobody answers the first time, or the answer is a problem that does not pass
     */
    void follow(String path, Predicate<EventReader.Event> listener) {
        EventReader reader = new EventReader();
        boolean more = true;
        for (boolean first = true; more; first = false) {
            try {
                more = follow(path, reader, listener);
            } catch (IOException e) {
                if (first) {
                    throw new CommandFailure(
                            "nobody answers at " + bases.getFirst()
                                    + ": start a ledger with 'ledger up', or name one with --url",
                            e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("interrupted while following " + path, e);
            }
        }
    }

    private boolean follow(String path, EventReader reader, Predicate<EventReader.Event> listener)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response = open(path, reader.lastEventId());
        try (InputStream body = response.body()) {
            if (response.statusCode() == OK) {
                if (!reader.read(body, listener)) {
                    return false;
                }
            } else if (response.statusCode() != UNAVAILABLE
                    || reader.lastEventId().isEmpty()) {
                throw new CommandFailure(problem(response.statusCode(), body));
            }
        }
        Thread.sleep(reader.retryMillis());
        return true;
    }

    private HttpResponse<InputStream> open(String path, String lastEventId) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = open(bases.getFirst(), path, lastEventId);
        for (URI base : bases.subList(1, bases.size())) {
            if (response.statusCode() != NOT_FOUND) {
                break;
            }
            response.body().close();
            response = open(base, path, lastEventId);
        }
        return response;
    }

    private HttpResponse<InputStream> open(URI base, String path, String lastEventId)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(base.toString().replaceFirst("/+$", "") + path))
                .header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return http.send(request.build(), BodyHandlers.ofInputStream());
    }

    private static String problem(int status, InputStream body) throws IOException {
        try {
            JsonNode problem = Json.mapper().readTree(body);
            String code = problem.path("code").asText("");
            return (code.isEmpty() ? "" : code + ": ") + problem.path("detail").asText("the answer is " + status);
        } catch (JsonProcessingException e) {
            return "the answer is " + status;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
