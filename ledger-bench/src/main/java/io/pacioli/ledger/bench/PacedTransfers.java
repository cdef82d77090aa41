package io.pacioli.ledger.bench;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.core.Outcome;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Transfers at a fixed rate and how long their outcomes took.
 *
 * @param latency in microseconds, from when a transfer was due to be sent, whether or not the sender kept up, until its outcome was
 *     with the client
 * @param accepted how many took effect
 */
public record PacedTransfers(Histogram latency, long accepted) {
    /** Longest latency that is told from longer ones. */
    public static final long HIGHEST_LATENCY_MICROS = TimeUnit.MINUTES.toMicros(1);

    private static final Duration OUTCOMES_MAX = Duration.ofMinutes(5);

    /**
     * Sends, and waits for all outcomes.
     *
     * @param rate transfers a second
     * @throws IllegalStateException when one got none
     */
    public static PacedTransfers run(LedgerClient client, BenchWorkload workload, int rate, int seconds) {
        ConcurrentHistogram histogram = new ConcurrentHistogram(HIGHEST_LATENCY_MICROS, 3);
        int count = rate * seconds;
        AtomicLong accepted = new AtomicLong();
        AtomicLong failed = new AtomicLong();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long due = Pacing.await(start, i, rate);
            client.submit(workload.transfer())
                    .thenAccept(outcome -> {
                        if (outcome instanceof Outcome.Accepted) {
                            accepted.incrementAndGet();
                        }
                        histogram.recordValue(Math.min((System.nanoTime() - due) / 1_000, HIGHEST_LATENCY_MICROS));
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
}
