package io.pacioli.ledger.projection.postgres;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, within a bound. */
final class Await {
    private static final Duration MAX = Duration.ofSeconds(40);
    private static final long INTERVAL_NANOS = 10_000_000;

    private Await() {}

    /** @throws AssertionError when the condition does not come true within 40 s */
    static void until(String what, BooleanSupplier condition) {
        until(what, MAX, condition);
    }

    /** @throws AssertionError when the condition does not come true in time */
    static void until(String what, Duration max, BooleanSupplier condition) {
        long deadline = System.nanoTime() + max.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + max + ": " + what);
            }
            LockSupport.parkNanos(INTERVAL_NANOS);
        }
    }
}
