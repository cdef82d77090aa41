package io.pacioli.ledger.app.chaos;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a long run does.
 *
 * @param seed decides the commands
 * @param duration how long the load goes on
 * @param rate commands a second
 * @param accounts how many accounts plain transfers choose from
 * @param shards shards of the ledger
 * @param directory where everything is kept; null for a temporary one that is deleted when all is well
 */
record SoakSettings(
        long seed,
        Duration duration,
        int rate,
        int accounts,
        int shards,
        @Nullable Path directory) {
    private static final int HTTP_PART = 50;

    /** @throws IllegalArgumentException when a number is out of its range */
    SoakSettings {
        if (!duration.isPositive() || rate < 1 || accounts < 2 || shards < 1) {
            throw new IllegalArgumentException("numbers must be at least 1, accounts at least 2");
        }
    }

    /** How many of the commands, and how many questions to each projection, go over HTTP in a second. */
    int httpRate() {
        return Math.max(1, rate / HTTP_PART);
    }

    /** How long a window is: figures are compared from one to the next. */
    Duration window() {
        return duration.dividedBy(SoakWindows.COUNT);
    }
}
