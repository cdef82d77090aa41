package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import java.time.Duration;

/**
 * An hour or a day (UTC) that figures are kept for.
 *
 * @param startMillis when it starts, milliseconds since 1970-01-01 UTC
 */
record Period(Grain grain, long startMillis) {
    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    /** The period that a time is in. */
    static Period of(Grain grain, long atMillis) {
        long length = switch (grain) {
            case hour -> HOUR_MILLIS;
            case day -> DAY_MILLIS;
        };
        return new Period(grain, atMillis - Math.floorMod(atMillis, length));
    }
}
