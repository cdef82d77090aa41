package io.pacioli.ledger.app.chaos;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What happened in a step of a run under overload.
 *
 * @param name what was done
 * @param isPaced whether batches were due at certain times, and latencies count from these; otherwise the next one was sent when one was
 *     answered
 * @param took how long it took
 * @param counts what became of the transfers that were posted
 * @param seconds latencies in microseconds of the batches that were decided, of each second
 */
record OverloadStep(String name, boolean isPaced, Duration took, BatchSender.Counts counts, List<Histogram> seconds) {
    private static final double P99 = 99;
    private static final int DIGITS = 3;

    /** Copies the list. */
    OverloadStep {
        seconds = List.copyOf(seconds);
    }

    /** How many of a number there were in a second. */
    double rate(long count) {
        return count / (took.toNanos() / 1e9);
    }

    /** Latencies of the whole step. */
    Histogram latencies() {
        Histogram all = new Histogram(TimeUnit.HOURS.toMicros(1), DIGITS);
        seconds.forEach(all::add);
        return all;
    }

    /** The latency that one of a hundred batches exceeded. */
    Duration p99() {
        return Duration.of(latencies().getValueAtPercentile(P99), ChronoUnit.MICROS);
    }

    /**
     * After how many seconds everything was and stayed as fast as this; as many as there were when that did not come.
     *
     * @param p99Max bound on the 99th percentile of a second
     */
    int fastAfter(Duration p99Max) {
        int after = seconds.size();
        while (after > 0 && isFast(seconds.get(after - 1), p99Max)) {
            after--;
        }
        return after;
    }

    private static boolean isFast(Histogram second, Duration p99Max) {
        return second.getTotalCount() > 0
                && second.getValueAtPercentile(P99) <= TimeUnit.NANOSECONDS.toMicros(p99Max.toNanos());
    }
}
