package io.pacioli.ledger.app.chaos;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Requests at a fixed rate, whether or not those before have been answered. One that has to wait, as too many are on their way, counts
 * from when it was due, so that a pause of the system shows in the latencies of all that it delayed.
 */
final class SteadyLoad implements Runnable {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;

    private final Supplier<? extends CompletableFuture<?>> request;
    private final double rate;
    private final int inFlightMax;
    private final Semaphore places;
    private final Recorder latencies = new Recorder(HIGHEST_MICROS, DIGITS);
    private final LongAdder failures = new LongAdder();
    private volatile boolean stopped;

    /**
     * @param request sends one, and completes with its answer
     * @param rate requests a second
     * @param inFlightMax how many may be on their way at a time
     */
    SteadyLoad(Supplier<? extends CompletableFuture<?>> request, double rate, int inFlightMax) {
        this.request = request;
        this.rate = rate;
        this.inFlightMax = inFlightMax;
        places = new Semaphore(inFlightMax);
    }

    /** Ends the sending; what is on its way is still waited for. */
    void stop() {
        stopped = true;
    }

    /** The latencies in microseconds of all that were answered since this was asked before. */
    Histogram takeLatencies() {
        return latencies.getIntervalHistogram();
    }

    /** How many requests got no answer since this was asked before. */
    long takeFailures() {
        return failures.sumThenReset();
    }

    /** Sends until it is stopped, and returns when everything has been answered or has failed. */
    @Override
    public void run() {
        try {
            long startNanos = System.nanoTime();
            for (long number = 0; !stopped; number++) {
                long dueNanos = startNanos + (long) (number * SECOND_NANOS / rate);
                awaitDue(dueNanos);
                places.acquire();
                send(dueNanos);
            }
            places.acquire(inFlightMax);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitDue(long dueNanos) {
        for (long left = dueNanos - System.nanoTime(); left > 0 && !stopped; left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, SECOND_NANOS));
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What completes it hears of success and failure alike.
    private void send(long dueNanos) {
        request.get().whenComplete((answer, failure) -> {
            if (failure == null) {
                latencies.recordValue(Math.min(HIGHEST_MICROS, (System.nanoTime() - dueNanos) / 1_000));
            } else {
                failures.increment();
            }
            places.release();
        });
    }
}
