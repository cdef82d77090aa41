package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import io.pacioli.ledger.service.Parameters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The hours or days of a report.
 *
 * @param from the beginning of the first one
 * @param to the end of the last one
 */
record Periods(Grain grain, Instant from, Instant to) {
    /** Most periods of a report. */
    static final int MAX = 1_000;

    private static final int HOURS = 24;
    private static final int DAYS = 30;

    /**
     * Those that a time touches.
     *
     * @param asked without an end it ends now, without a beginning it begins 24 hours or 30 days before
     * @param now a time right after the newest entry
     * @throws io.pacioli.ledger.service.ProblemException 400 when there would be too many
     */
    static Periods of(Grain grain, Asked asked, Instant now) {
        Duration length = Period.length(grain);
        Instant to = ceiling(grain, asked.to() == null ? now : asked.to());
        Instant from = asked.from() == null
                ? to.minus(length.multipliedBy(grain == Grain.hour ? HOURS : DAYS))
                : floor(grain, asked.from());
        if (Duration.between(from, to).dividedBy(length) > MAX) {
            throw Parameters.invalid(
                    "from", "must be at most " + MAX + " periods before to: by=" + grain, from.toString());
        }
        return new Periods(grain, from, to);
    }

    private static Instant floor(Grain grain, Instant time) {
        return Period.of(grain, time.toEpochMilli()).start();
    }

    private static Instant ceiling(Grain grain, Instant time) {
        Instant floor = floor(grain, time);
        return floor.equals(time) ? time : floor.plus(Period.length(grain));
    }

    /** Their beginnings, in order. */
    List<Instant> starts() {
        return LongStream.range(0, Math.max(0, Duration.between(from, to).dividedBy(Period.length(grain))))
                .mapToObj(index -> from.plus(Period.length(grain).multipliedBy(index)))
                .toList();
    }

    /** The end of the one with that beginning. */
    Instant end(Instant starts) {
        return starts.plus(Period.length(grain));
    }
}
