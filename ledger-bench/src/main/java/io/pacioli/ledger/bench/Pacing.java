package io.pacioli.ledger.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** When each of many requests at a fixed rate is due, whether or not the one before has been answered. */
public final class Pacing {
    private Pacing() {}

    /**
     * Waits until request {@code number} is due.
     *
     * @param start when request 0 was due, by {@link System#nanoTime()}
     * @param rate requests a second
     * @return when it was due, which may be in the past
     */
    public static long await(long start, int number, int rate) {
        long due = start + number * TimeUnit.SECONDS.toNanos(1) / rate;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return due;
    }
}
