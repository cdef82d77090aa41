package io.pacioli.ledger.app.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.fuzz.HttpRequestBytes.Manner;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.testkit.fuzz.FuzzFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over connections of its own making, and holds the server to what it owes any client: an answer in bounded time, a problem
 * in JSON for whatever is not well, and no failure of its own. Each request follows from the seed and its number.
 */
final class HttpFuzz {
    private static final int CONNECTIONS = 12;
    private static final int FAILED = 500;
    private static final int UNAVAILABLE = 503;
    private static final int REFUSED = 400;
    private static final int SHOWN_MAX = 2_000;
    private static final int SLOW_BYTES = 20;
    private static final Duration SLOW_PAUSE = Duration.ofMillis(50);

    /** Longer than any request may wait for a position or an outcome. */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(45);

    /** What a server may be too busy or too far behind for, as its description says; on a machine that is busy with other things too. */
    private static final Set<String> UNAVAILABLE_CODES = Set.of(
            "POSITION_NOT_REACHED",
            "TOO_MANY_WAITERS",
            "TOO_MANY_IN_FLIGHT",
            "TOO_MANY_STREAMS",
            "TOO_MANY_REPORTS",
            "QUESTION_TIMED_OUT",
            "STORE_UNAVAILABLE",
            "NOT_ACKNOWLEDGED");

    private final URI uri;
    private final long seed;
    private final HttpRequests requests;
    private final AtomicLong next = new AtomicLong();
    private final AtomicReference<@Nullable FuzzFailure> failure = new AtomicReference<>();
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private final LongAdder closed = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final AtomicLong slowestNanos = new AtomicLong();

    /**
     * What was answered.
     *
     * @param statuses how often each
     * @param closed how many broken requests were answered by closing the connection
     * @param abandoned how many were given up by the client
     * @param slowestNanos of one answer
     */
    record Report(Map<Integer, Long> statuses, long closed, long abandoned, long slowestNanos) {}

    HttpFuzz(URI uri, long seed, HttpRequests requests) {
        this.uri = uri;
        this.seed = seed;
        this.requests = requests;
    }

    /**
     * Sends requests until so many have been sent, those of earlier calls among them.
     *
     * @throws FuzzFailure when one of them is not answered as it should be
     */
    Report run(long count, LongConsumer progress) {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                CONNECTIONS, Thread.ofPlatform().name("fuzz-http-", 0).factory())) {
            for (int i = 0; i < CONNECTIONS; i++) {
                threads.execute(() -> connection(count, progress));
            }
        }
        FuzzFailure failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        Map<Integer, Long> counts = new TreeMap<>();
        statuses.forEach((status, number) -> counts.put(status, number.sum()));
        return new Report(counts, closed.sum(), abandoned.sum(), slowestNanos.get());
    }

    private void connection(long count, LongConsumer progress) {
        try (Connection connection = new Connection()) {
            long number = take(count);
            while (number >= 0 && failure.get() == null) {
                HttpRequestBytes request = request(number);
                try {
                    one(connection, request);
                } catch (IOException | RuntimeException e) {
                    failure.compareAndSet(null, failure(number, request, e));
                }
                progress.accept(number);
                number = take(count);
            }
        }
    }

    private long take(long count) {
        long number = next.getAndUpdate(last -> Math.min(last + 1, count));
        return number < count ? number : -1;
    }

    private HttpRequestBytes request(long number) {
        return requests.next(new SplittableRandom(seed ^ (number * 0x9E3779B97F4A7C15L)).split());
    }

    private void one(Connection connection, HttpRequestBytes request) throws IOException {
        if (request.manner() == Manner.SLOW) {
            connection.trickle(request.bytes());
            abandoned.increment();
            return;
        }
        long startNanos = System.nanoTime();
        HttpAnswer answer = connection.exchange(request);
        slowestNanos.accumulateAndGet(System.nanoTime() - startNanos, Math::max);
        if (answer == null) {
            closed.increment();
        } else {
            statuses.computeIfAbsent(answer.status(), status -> new LongAdder()).increment();
            check(request, answer);
        }
    }

    private static void check(HttpRequestBytes request, HttpAnswer answer) throws IOException {
        if (answer.status() < REFUSED || request.isHead()) {
            require(answer.status() < FAILED || answer.status() == UNAVAILABLE, "the server failed");
            return;
        }
        require(
                answer.header("content-type").equals("application/problem+json"),
                "must be a problem: " + answer.header("content-type"));
        JsonNode problem = Json.mapper().readTree(answer.body());
        require(problem.path("status").asInt() == answer.status(), "a problem must have the status of its answer");
        require(
                !problem.path("type").asText().isEmpty()
                        && !problem.path("title").asText().isEmpty(),
                "a problem must have a type and a title");
        require(!problem.path("detail").asText().isEmpty(), "a problem must say what is wrong");
        if (answer.status() >= FAILED) {
            require(
                    answer.status() == UNAVAILABLE
                            && UNAVAILABLE_CODES.contains(problem.path("code").asText()),
                    "the server failed: " + problem);
        }
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException(what);
        }
    }

    private FuzzFailure failure(long number, HttpRequestBytes request, Exception cause) {
        String text = new String(request.bytes(), StandardCharsets.ISO_8859_1);
        String shown = text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "..." : text;
        return new FuzzFailure(
                "a request is not answered as it should be: " + cause.getMessage() + ": seed=" + seed + " number="
                        + number + " manner=" + request.manner() + " request=" + shown,
                cause);
    }

    /** A connection that is made anew whenever the last one has ended. */
    private final class Connection implements AutoCloseable {
        private @Nullable Socket socket;
        private @Nullable BufferedInputStream in;

        private @Nullable HttpAnswer exchange(HttpRequestBytes request) throws IOException {
            boolean isFresh = socket == null;
            try {
                return exchangeOnce(request);
            } catch (SocketTimeoutException e) {
                throw new IOException("no answer within " + ANSWER_MAX, e);
            } catch (IOException e) {
                close();
                // A server may close a connection that was idle, or refuse what it has not read to its end.
                if (request.manner() == Manner.BROKEN || isReset(e)) {
                    return request.manner() == Manner.BROKEN || isFresh ? null : exchangeOnce(request);
                }
                throw e;
            }
        }

        private @Nullable HttpAnswer exchangeOnce(HttpRequestBytes request) throws IOException {
            boolean reused = socket != null;
            Socket open = open();
            OutputStream out = open.getOutputStream();
            out.write(request.bytes());
            out.flush();
            if (request.manner() == Manner.BROKEN) {
                open.shutdownOutput();
            }
            BufferedInputStream stream = in;
            if (stream == null) {
                throw new IllegalStateException("not open");
            }
            HttpAnswer answer = HttpAnswer.read(stream, request.isHead());
            if (answer == null && request.manner() == Manner.WHOLE) {
                close();
                if (reused) {
                    return exchangeOnce(request);
                }
                throw new IOException("the connection was closed without an answer");
            }
            // A server that could not read a request does not know that it was a HEAD, answers with a body and closes.
            boolean isUnread = answer != null && request.isHead() && answer.status() == REFUSED;
            if (answer == null || answer.isLast() || isUnread || request.manner() == Manner.BROKEN) {
                close();
            }
            return answer;
        }

        private static boolean isReset(IOException e) {
            String message = String.valueOf(e.getMessage());
            return message.contains("reset") || message.contains("Broken pipe") || message.contains("aborted");
        }

        private void trickle(byte[] bytes) throws IOException {
            close();
            OutputStream out = open().getOutputStream();
            for (int i = 0; i < Math.min(SLOW_BYTES, bytes.length); i++) {
                out.write(bytes[i]);
                out.flush();
                LockSupport.parkNanos(SLOW_PAUSE.toNanos());
            }
            close();
        }

        private Socket open() throws IOException {
            Socket open = socket;
            if (open == null) {
                open = new Socket();
                open.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), (int) ANSWER_MAX.toMillis());
                open.setSoTimeout((int) ANSWER_MAX.toMillis());
                open.setTcpNoDelay(true);
                socket = open;
                in = new BufferedInputStream(open.getInputStream());
            }
            return open;
        }

        @Override
        public void close() {
            Socket open = socket;
            socket = null;
            in = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException("a socket could not be closed", e);
                }
            }
        }
    }
}
