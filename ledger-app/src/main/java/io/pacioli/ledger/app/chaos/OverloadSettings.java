package io.pacioli.ledger.app.chaos;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run under overload does.
 *
 * @param step how long each of its steps takes
 * @param times how many times what the ledger can decide is sent
 * @param accounts how many accounts transfers choose from
 * @param shards shards of the ledger
 * @param directory where everything is kept; null for a temporary one that is deleted when all is well
 */
record OverloadSettings(
        Duration step,
        double times,
        int accounts,
        int shards,
        @Nullable Path directory) {
    /** @throws IllegalArgumentException when a number is out of its range */
    OverloadSettings {
        if (step.toSeconds() < 2 || times <= 1 || accounts < 2 || shards < 1) {
            throw new IllegalArgumentException(
                    "a step must take 2 s at least, more than what can be decided must be sent, and accounts must be at least 2");
        }
    }
}
