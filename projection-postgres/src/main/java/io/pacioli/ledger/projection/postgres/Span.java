package io.pacioli.ledger.projection.postgres;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

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

    /** The part of it that is before a time. */
    Span before(Instant end) {
        return end.isBefore(to) ? new Span(from, end) : this;
    }

    /** The part of it that is not before a time. */
    Span since(Instant begin) {
        return begin.isAfter(from) ? new Span(begin, to) : this;
    }

    /**
     * Cuts it into stretches, newest first: the month that its end is in (UTC), then one month, two, four and so on. What is
     * newest is mostly what is asked for, and a statement costs time for every partition that it may have to look into.
     */
    List<Span> stretches() {
        List<Span> stretches = new ArrayList<>();
        Instant end = to;
        YearMonth month = YearMonth.from(toTime());
        for (int months = 1; from.isBefore(end); months *= 2) {
            Instant begin = month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            if (begin.isBefore(end)) {
                stretches.add(new Span(from, end).since(begin));
                end = begin;
            }
            month = month.minusMonths(months);
        }
        return stretches;
    }
}
