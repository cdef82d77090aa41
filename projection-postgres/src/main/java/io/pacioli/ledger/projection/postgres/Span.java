package io.pacioli.ledger.projection.postgres;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A stretch of time.
 *
 * @param from its first instant
 * @param to the first instant after it; when that is not later, the span is empty
 */
record Span(Instant from, Instant to) {
    OffsetDateTime fromTime() {
        return from.atOffset(ZoneOffset.UTC);
    }

    OffsetDateTime toTime() {
        return to.atOffset(ZoneOffset.UTC);
    }

    boolean isEmpty() {
        return !from.isBefore(to);
    }

    /** The part of it that is before a time. */
    Span before(Instant end) {
        return end.isBefore(to) ? new Span(from, end) : this;
    }

    /** The part of it that is not before a time. */
    Span since(Instant begin) {
        return begin.isAfter(from) ? new Span(begin, to) : this;
    }
}
