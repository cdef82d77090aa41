package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import java.time.Duration;
import java.time.Instant;

/**
 * An hour or a day (UTC) that figures are kept for.
 *
 * @param startMillis when it starts, milliseconds since 1970-01-01 UTC
 */
record Period(Grain grain, long startMillis) {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** The period that a time is in. */
    static Period of(Grain grain, long atMillis) {
        return new Period(
                grain, atMillis - Math.floorMod(atMillis, length(grain).toMillis()));
    }

    /** How long a period is. */
    static Duration length(Grain grain) {
        return switch (grain) {
            case hour -> HOUR;
            case day -> DAY;
        };
    }

    Instant start() {
        return Instant.ofEpochMilli(startMillis);
    }
}
