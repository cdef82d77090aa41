package io.pacioli.ledger.app.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.client.ApiClient;
import io.pacioli.ledger.app.stack.EmbeddedStack;
import io.pacioli.ledger.testkit.fuzz.Corpus;
import io.pacioli.ledger.testkit.fuzz.FuzzFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Hostile input for a whole ledger, over HTTP and by its command topic at a time, and a look at what that leaves behind. */
final class StackFuzz {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SETTLE_MAX = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int WARM_UP_PERCENT = 10;
    private static final int PERCENT = 100;
    private static final int THREADS_MORE_MAX = 10;
    private static final long FILES_MORE_MAX = 40;
    private static final long HEAP_MORE_BYTES_MAX = 128L << 20;

    private final EmbeddedStack stack;
    private final long seed;

    /**
     * What became of all.
     *
     * @param before what the process held once it was warm
     * @param after what it held in the end
     */
    record Report(HttpFuzz.Report http, RecordFuzz.Report records, ResourceUse before, ResourceUse after) {}

    StackFuzz(EmbeddedStack stack, long seed) {
        this.stack = stack;
        this.seed = seed;
    }

    /**
     * Sends all.
     *
     * @param requests over HTTP
     * @param records to the command topic
     * @param progress is told of each request
     * @throws FuzzFailure when something is not answered as it should be, or something is left behind
     */
    Report run(long requests, long records, LongConsumer progress) {
        Corpus corpus = Corpus.of(seed);
        URI uri = stack.uri();
        HttpRequests operations =
                new HttpRequests(HttpOperation.of(openApi(uri)), corpus, uri.getHost() + ":" + uri.getPort());
        HttpFuzz http = new HttpFuzz(uri, seed, operations);
        http.run(Math.max(1, requests * WARM_UP_PERCENT / PERCENT), progress);
        new RecordFuzz(stack.kafka(), stack.topics(), stack.shards(), corpus, seed + 1)
                .run(records * WARM_UP_PERCENT / PERCENT, number -> {});
        ResourceUse before = settled(new ResourceUse(Integer.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
        RecordFuzz written = new RecordFuzz(stack.kafka(), stack.topics(), stack.shards(), corpus, seed);
        CompletableFuture<RecordFuzz.Report> beside =
                CompletableFuture.supplyAsync(() -> written.run(records, number -> {}));
        HttpFuzz.Report answered = http.run(requests, progress);
        RecordFuzz.Report decided = join(beside);
        return new Report(answered, decided, before, settled(before));
    }

    private static JsonNode openApi(URI uri) {
        try (ApiClient api = new ApiClient(List.of(uri), TIMEOUT)) {
            return api.get("/openapi.json");
        }
    }

    private static RecordFuzz.Report join(CompletableFuture<RecordFuzz.Report> beside) {
        try {
            return beside.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof FuzzFailure known ? known : new CommandFailure("the records failed: " + e, e);
        }
    }

    /** Connections and what they held are gone a moment after the last answer. */
    private static ResourceUse settled(ResourceUse before) {
        long deadlineNanos = System.nanoTime() + SETTLE_MAX.toNanos();
        ResourceUse now = ResourceUse.now();
        while (!isNoMore(now, before)) {
            if (System.nanoTime() > deadlineNanos) {
                throw new FuzzFailure("something is left behind: " + now + ", and before " + before);
            }
            LockSupport.parkNanos(LOOK.toNanos());
            now = ResourceUse.now();
        }
        return now;
    }

    private static boolean isNoMore(ResourceUse now, ResourceUse before) {
        return now.threads() - THREADS_MORE_MAX <= before.threads()
                && now.files() - FILES_MORE_MAX <= before.files()
                && now.heapBytes() - HEAP_MORE_BYTES_MAX <= before.heapBytes();
    }

    /** One line for people. */
    static void show(Terminal terminal, Report report) {
        terminal.line(terminal.good("✔") + " HTTP: " + report.http());
        terminal.line(terminal.good("✔") + " Records: " + report.records());
        terminal.line(terminal.good("✔") + " Left behind: before " + report.before() + "; after " + report.after());
    }
}
