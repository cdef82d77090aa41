package io.pacioli.ledger.app.client;

import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.service.Durations;
import org.jspecify.annotations.Nullable;

/** Points in time as people write them: {@code 2026-11-24T18:00:00Z}, or from now on, {@code 15m}. */
final class Moment {
    private Moment() {}

    /**
     * Reads one; null for null.
     *
     * @return milliseconds since 1970-01-01 UTC
     */
    static @Nullable Long parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return text.endsWith("Z")
                    ? Timestamps.parseLenient("time", text)
                    : System.currentTimeMillis() + Durations.parse(text).toMillis();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    "a time must be UTC such as 2026-11-24T18:00:00Z, or " + Durations.RULE + " from now: " + text, e);
        }
    }
}
