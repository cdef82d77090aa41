package io.pacioli.ledger.projection.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waits until an assertion holds, for a bounded time. */
final class Eventually {
    private static final long BOUND_NANOS = Duration.ofMinutes(2).toNanos();

    private Eventually() {}

    /** @throws AssertionError what the assertion said last, when it did not hold within two minutes */
    static void holds(ThrowingCallable assertion) {
        long deadline = System.nanoTime() + BOUND_NANOS;
        while (true) {
            try {
                assertion.call();
                return;
            } catch (Throwable failed) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("did not hold within two minutes: " + failed.getMessage(), failed);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }
}
