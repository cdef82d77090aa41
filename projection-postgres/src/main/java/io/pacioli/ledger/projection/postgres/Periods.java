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
        Duration length = length(grain);
        Instant to = ceiling(asked.to() == null ? now : asked.to(), length);
        Instant from = asked.from() == null
                ? to.minus(length.multipliedBy(grain == Grain.hour ? HOURS : DAYS))
                : floor(asked.from(), length);
        if (Duration.between(from, to).dividedBy(length) > MAX) {
            throw Parameters.invalid(
                    "from", "must be at most " + MAX + " periods before to: by=" + grain, from.toString());
        }
        return new Periods(grain, from, to);
    }

    private static Duration length(Grain grain) {
        return switch (grain) {
            case hour -> Duration.ofHours(1);
            case day -> Duration.ofDays(1);
        };
    }

    private static Instant floor(Instant time, Duration length) {
        return Instant.ofEpochMilli(time.toEpochMilli() - Math.floorMod(time.toEpochMilli(), length.toMillis()));
    }

    private static Instant ceiling(Instant time, Duration length) {
        Instant floor = floor(time, length);
        return floor.equals(time) ? time : floor.plus(length);
    }

    /** Their beginnings, in order. */
    List<Instant> starts() {
        return LongStream.range(0, Math.max(0, Duration.between(from, to).dividedBy(length(grain))))
                .mapToObj(index -> from.plus(length(grain).multipliedBy(index)))
                .toList();
    }

    /** The end of the one with that beginning. */
    Instant end(Instant starts) {
        return starts.plus(length(grain));
    }
}
