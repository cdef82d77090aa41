package io.pacioli.ledger.bench;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for conditions, with a bound. */
public final class Await {
    private static final Duration POLL = Duration.ofMillis(10);

    private Await() {}

    /** @throws IllegalStateException when the condition does not come true in time */
    public static void until(String condition, Duration max, BooleanSupplier isTrue) {
        long deadline = System.nanoTime() + max.toNanos();
        while (!isTrue.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new IllegalStateException("waited " + max.toSeconds() + " s in vain until " + condition);
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting until " + condition, e);
            }
        }
    }
}
