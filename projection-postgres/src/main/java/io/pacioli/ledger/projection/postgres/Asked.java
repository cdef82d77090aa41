package io.pacioli.ledger.projection.postgres;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time that a list is asked for.
 *
 * @param from only what happened then or later; null for the beginning
 * @param to only what happened before; null for all until now
 */
record Asked(@Nullable Instant from, @Nullable Instant to) {
    /** All that there is. */
    static final Asked ALL = new Asked(null, null);

    /**
     * The time that the store can answer for; without a beginning of its own it begins with what is kept.
     *
     * @param now the end when none is asked for
     * @throws io.pacioli.ledger.service.ProblemException 410 when the beginning asked for is no longer kept
     */
    Span within(Snapshot snapshot, Instant now) {
        Instant end = to == null || to.isAfter(now) ? now : to;
        if (from != null) {
            snapshot.checkKept(from);
            return new Span(from, end);
        }
        Instant horizon = snapshot.horizon();
        return new Span(horizon == null ? Instant.EPOCH : horizon, end);
    }
}
