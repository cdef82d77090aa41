package io.pacioli.ledger.bench;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.core.Outcome;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Transfers at a fixed rate and how long their outcomes took.
 *
 * @param latency in microseconds, from when a transfer was due to be sent, whether or not the sender kept up, until its outcome was
 *     with the client; a minute when it was more
 * @param accepted how many took effect
 */
public record PacedTransfers(Histogram latency, long accepted) {
    private static final long HIGHEST_LATENCY_MICROS = TimeUnit.MINUTES.toMicros(1);
    private static final int DIGITS = 3;
    private static final Duration OUTCOMES_MAX = Duration.ofMinutes(5);

    /** The transfers of a workload through a client of the ledger. */
    public static PacedTransfers run(LedgerClient client, BenchWorkload workload, int rate, int seconds) {
        return run(
                () -> client.submit(workload.transfer()).thenApply(Outcome.Accepted.class::isInstance), rate, seconds);
    }

    /**
     * Sends, whether or not the one before has been answered, and waits for all outcomes.
     *
     * @param send sends one, and tells later whether it was accepted
     * @param rate transfers a second
     * @throws IllegalStateException when one got no outcome
     */
    public static PacedTransfers run(Supplier<? extends CompletionStage<Boolean>> send, int rate, int seconds) {
        Histogram histogram = histogram();
        int count = rate * seconds;
        AtomicLong accepted = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = Pacing.await(start, i, rate);
            send.get()
                    .thenAccept(isAccepted -> {
                        if (isAccepted) {
                            accepted.incrementAndGet();
                        }
                        record(histogram, due);
                    })
                    .exceptionally(failure -> {
                        failed.incrementAndGet();
                        return null;
                    });
        }
        Await.until("all outcomes are known", OUTCOMES_MAX, () -> histogram.getTotalCount() + failed.get() >= count);
        if (failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " of " + count + " transfers got no outcome");
        }
        return new PacedTransfers(histogram, accepted.get());
    }

    /** For latencies of up to a minute. Thread safe. */
    public static Histogram histogram() {
        return new ConcurrentHistogram(HIGHEST_LATENCY_MICROS, DIGITS);
    }

    /** Records what has ended now. */
    public static void record(Histogram histogram, long due) {
        histogram.recordValue(Math.min((System.nanoTime() - due) / 1_000, HIGHEST_LATENCY_MICROS));
    }
}
