package io.pacioli.ledger.app.client;

import io.pacioli.ledger.app.CommandFailure;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of the ledger's event streams that comes back whenever it is cut off, and misses nothing. A connection on which nothing
 * comes, not even a heartbeat, is dead.
 */
final class EventSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventSource.class);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration OPEN = Duration.ofSeconds(30);

    /** Three heartbeats. */
    private static final Duration SILENCE = Duration.ofSeconds(45);

    private static final int OK = 200;

    private final List<URI> bases;
    private final Duration silenceMax;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("event-source-timer").factory());

    /** @param bases where the ledger is; the first that knows a path serves it */
    EventSource(List<URI> bases) {
        this(bases, SILENCE);
    }

    /** @param silenceMax how long nothing may come before the connection is given up */
    EventSource(List<URI> bases, Duration silenceMax) {
        this.bases = List.copyOf(bases);
        this.silenceMax = silenceMax;
    }

    /**
     * Follows a stream until the listener has enough.
     *
     * @param path with its parameters, encoded
     * @param listener whether to go on after an event
     * @throws ApiFailure when nobody answers the first time, or the answer is a problem that does not pass
     * @throws CommandFailure when there is no answer the first time
     */
    void follow(String path, Predicate<EventReader.Event> listener) {
        EventReader reader = new EventReader();
        try {
            while (attempt(path, reader, listener)) {
                Thread.sleep(reader.retryMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while following " + path, e);
        }
    }

    /** Follows a stream until it ends or is cut off, and tells whether to come back. */
    private boolean attempt(String path, EventReader reader, Predicate<EventReader.Event> listener) {
        HttpResponse<InputStream> response;
        try {
            response = ApiClient.first(bases, base -> open(base, path, reader.lastEventId()));
        } catch (ApiFailure e) {
            if (reader.lastEventId().isEmpty() || !e.mayPass()) {
                throw e;
            }
            LOG.debug("Refused; coming back", e);
            return true;
        } catch (CommandFailure e) {
            if (reader.lastEventId().isEmpty()) {
                throw e;
            }
            LOG.debug("Not answered; coming back", e);
            return true;
        }
        try (InputStream body = new ImpatientStream(response.body())) {
            return reader.read(body, listener);
        } catch (IOException e) {
            LOG.debug("Cut off; coming back", e);
            return true;
        }
    }

    private HttpResponse<InputStream> open(URI base, String path, String lastEventId) {
        HttpRequest.Builder builder =
                ApiClient.request(base, path).timeout(OPEN).header("Accept", "text/event-stream");
        if (!lastEventId.isEmpty()) {
            builder.header("Last-Event-ID", lastEventId);
        }
        HttpRequest request = builder.build();
        HttpResponse<InputStream> response = ApiClient.exchange(http, base, request, BodyHandlers.ofInputStream());
        if (response.statusCode() == OK) {
            return response;
        }
        String type = response.headers().firstValue("Content-Type").orElse("");
        try (InputStream body = new ImpatientStream(response.body())) {
            throw ApiClient.failure(request, response.statusCode(), ApiClient.json(type, body.readAllBytes()));
        } catch (IOException e) {
            throw ApiClient.unread(base, e);
        }
    }

    /** A body that ends, or fails, when nothing comes for too long. */
    private final class ImpatientStream extends FilterInputStream {
        ImpatientStream(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Future<?> givingUp = timer.schedule(this::giveUp, silenceMax.toNanos(), TimeUnit.NANOSECONDS);
            try {
                return super.read(bytes, offset, length);
            } finally {
                givingUp.cancel(false);
            }
        }

        private void giveUp() {
            try {
                close();
            } catch (IOException e) {
                LOG.debug("A dead connection did not close cleanly", e);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        http.shutdownNow();
    }
}
