package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Posts batches of transfers to the gateway and counts what becomes of them; a refusal that does not say when to come again, and any other
 * status than those of work done and work refused, is a violation. Thread safe.
 */
final class BatchSender implements AutoCloseable {
    /** Transfers of a batch. */
    static final int SIZE = 100;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String ACCEPTED = "\"outcome\":\"accepted\"";
    private static final String REJECTED = "\"outcome\":\"rejected\"";
    private static final String PENDING = "\"status\":\"pending\"";
    private static final String NOT_ACKNOWLEDGED = "NOT_ACKNOWLEDGED";
    private static final int AMOUNT_MAX = 500;

    private final HttpClient client;
    private final URI batches;
    private final int accounts;
    private final Violations violations;
    private final AtomicLong number = new AtomicLong();
    private final LongAdder offered = new LongAdder();
    private final LongAdder decided = new LongAdder();
    private final LongAdder undecided = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder unanswered = new LongAdder();

    /**
     * What became of transfers so far.
     *
     * @param offered sent
     * @param decided with an outcome
     * @param undecided acknowledged, and without an outcome in time
     * @param refused not sent, with a word on when to come again
     * @param unanswered without an answer, or with the answer that nobody knows
     */
    record Counts(long offered, long decided, long undecided, long refused, long unanswered) {
        /** Whether every one of them has been decided. */
        boolean areAllDecided() {
            return decided == offered;
        }

        Counts minus(Counts before) {
            return new Counts(
                    offered - before.offered,
                    decided - before.decided,
                    undecided - before.undecided,
                    refused - before.refused,
                    unanswered - before.unanswered);
        }
    }

    BatchSender(URI gateway, int accounts, Violations violations) {
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build();
        batches = gateway.resolve("/v1/commands/batch?wait=5s");
        this.accounts = accounts;
        this.violations = violations;
    }

    /** One transfer, with an id that no other has. */
    Command transfer() {
        long own = number.incrementAndGet();
        SplittableRandom random = new SplittableRandom(own);
        int from = random.nextInt(accounts);
        int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
        return new Command.Transfer(
                "overload-" + own,
                ChaosWorkload.COIN,
                ChaosWorkload.account(from),
                ChaosWorkload.account(to),
                Amount.of(1 + random.nextInt(AMOUNT_MAX)),
                "",
                Map.of());
    }

    /** Posts a batch. Completes when all of it has been decided, and fails otherwise. */
    CompletableFuture<Integer> post() {
        List<Command> commands = Stream.generate(this::transfer).limit(SIZE).toList();
        offered.add(SIZE);
        HttpRequest request = HttpRequest.newBuilder(batches)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Batch.encode(commands)))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
                .handle((response, failure) -> {
                    if (failure != null) {
                        unanswered.add(SIZE);
                        throw new IllegalStateException("no answer", failure);
                    }
                    return count(response);
                });
    }

    private int count(HttpResponse<String> response) {
        int status = response.statusCode();
        String body = response.body();
        if (status == Http.OK) {
            int done = occurrences(body, ACCEPTED) + occurrences(body, REJECTED);
            int waiting = occurrences(body, PENDING);
            decided.add(done);
            undecided.add(waiting);
            unanswered.add(SIZE - done - waiting);
            if (done == SIZE) {
                return SIZE;
            }
        } else if (status == Http.UNAVAILABLE && body.contains(NOT_ACKNOWLEDGED)) {
            unanswered.add(SIZE);
        } else if (status == Http.TOO_MANY || status == Http.UNAVAILABLE) {
            refused.add(SIZE);
            if (response.headers().firstValue("Retry-After").isEmpty()) {
                violations.add("a refusal without Retry-After: " + body);
            }
        } else {
            violations.add("the gateway answered " + status + ": " + body);
        }
        throw new IllegalStateException("not decided: " + status);
    }

    private static int occurrences(String text, String part) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    /** What became of all so far. */
    Counts counts() {
        return new Counts(offered.sum(), decided.sum(), undecided.sum(), refused.sum(), unanswered.sum());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
