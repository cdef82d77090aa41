package io.pacioli.ledger.projection.postgres;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Pauses between tries, each twice as long as the one before up to a bound, cut short when the service closes. */
final class Backoff {
    private static final long FIRST_MILLIS = 50;

    private final CountDownLatch closing;
    private final long maxMillis;
    private long nextMillis = FIRST_MILLIS;

    /** @param closing counted down when there will be no more tries */
    Backoff(CountDownLatch closing, Duration max) {
        this.closing = closing;
        this.maxMillis = max.toMillis();
    }

    /** The try succeeded: the next pause is a short one again. */
    void reset() {
        nextMillis = FIRST_MILLIS;
    }

    /**
     * Waits.
     *
     * @return whether there is to be another try
     */
    boolean pause() {
        long millis = Math.min(nextMillis, maxMillis);
        nextMillis = Math.min(2 * nextMillis, maxMillis);
        try {
            return !closing.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
