package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ENTRIES;
import static org.jooq.impl.DSL.sql;
import static org.jooq.impl.DSL.val;

import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Parameters;
import io.pacioli.ledger.service.Positions;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.QueryPart;
import org.jspecify.annotations.Nullable;

/**
 * What comes after a time or place that balances are asked for: on each shard the postings since a time with a higher sequence. A
 * balance then is what it was before the first of them, or what it is now if there is none; what happened long ago need not be there.
 *
 * @param earliest no posting before this time comes after it, on any shard
 * @param times by shard, those of shards that are not concerned mean nothing; empty when the earliest is that of all shards
 * @param sequences by shard; empty when times are
 */
record Boundary(OffsetDateTime earliest, List<OffsetDateTime> times, List<Long> sequences) {
    private static final int NOT_FOUND = 404;
    private static final OffsetDateTime BEGINNING = Instant.EPOCH.atOffset(ZoneOffset.UTC);

    private static final String TIMES = """
            SELECT e.shard, e.sequence, e.at
            FROM unnest({0}::integer[], {1}::bigint[]) AS wanted (shard, sequence)
            CROSS JOIN LATERAL (
                SELECT shard, sequence, at FROM ledger.entries
                WHERE shard = wanted.shard AND sequence = wanted.sequence
                LIMIT 1
            ) AS e""";

    /** Before a time. */
    static Boundary before(Instant time) {
        return new Boundary(time.atOffset(ZoneOffset.UTC), List.of(), List.of());
    }

    /**
     * As of a time or place.
     *
     * @param shards that are concerned
     * @throws ProblemException 400 when it names no place on one of them, 404 when one is not there yet, 410 when it is no longer
     *     kept
     */
    static Boundary of(AsOf asOf, Snapshot snapshot, List<Integer> shards) {
        return switch (asOf) {
            case AsOf.Time time -> {
                snapshot.checkKept(time.after());
                yield before(time.after());
            }
            case AsOf.Places places -> of(named(places, shards), snapshot);
        };
    }

    private static List<Position> named(AsOf.Places places, List<Integer> shards) {
        Map<Integer, Position> named =
                places.positions().stream().collect(Collectors.toMap(Position::shard, position -> position));
        if (!named.keySet().containsAll(shards)) {
            String concerned = shards.stream().map(String::valueOf).collect(Collectors.joining(", "));
            throw Parameters.invalid(
                    "at", "must name a position on each of these shards: " + concerned, places.toString());
        }
        return shards.stream().map(named::get).map(Objects::requireNonNull).toList();
    }

    private static Boundary of(List<Position> wanted, Snapshot snapshot) {
        List<Position> reached =
                snapshot.positions(wanted.stream().map(Position::shard).toList());
        Map<Position, OffsetDateTime> found = times(snapshot.sql(), wanted);
        int length = 1 + wanted.stream().mapToInt(Position::shard).max().orElseThrow();
        List<OffsetDateTime> times = new ArrayList<>(Collections.nCopies(length, BEGINNING));
        List<Long> sequences = new ArrayList<>(Collections.nCopies(length, 0L));
        List<OffsetDateTime> begun = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Position position = wanted.get(i);
            if (position.sequence() > reached.get(i).sequence()) {
                throw new ProblemException(
                        Problem.of(NOT_FOUND, "POSITION_NOT_FOUND", "there is no entry yet at " + position)
                                .with("position", position)
                                .with("asOf", Positions.text(reached)));
            }
            if (reached.get(i).sequence() > 0) {
                times.set(position.shard(), time(position, found.get(position), snapshot));
                sequences.set(position.shard(), position.sequence());
                begun.add(times.get(position.shard()));
            }
        }
        OffsetDateTime earliest = begun.isEmpty() ? BEGINNING : Collections.min(begun);
        return new Boundary(earliest, times, sequences);
    }

    private static OffsetDateTime time(Position position, @Nullable OffsetDateTime found, Snapshot snapshot) {
        if (found != null) {
            return found;
        }
        if (snapshot.horizon() != null) {
            throw snapshot.detached("the entry at " + position + " has been detached");
        }
        Invariant.check(
                position.sequence() == 0, "the store must have all entries up to its position: missing ", position);
        return BEGINNING;
    }

    private static Map<Position, OffsetDateTime> times(DSLContext sql, List<Position> positions) {
        return sql.resultQuery(
                        TIMES,
                        val(positions.stream().map(Position::shard).toArray(Integer[]::new)),
                        val(positions.stream().map(Position::sequence).toArray(Long[]::new)))
                .coerce(ENTRIES.SHARD, ENTRIES.SEQUENCE, ENTRIES.AT)
                .fetchMap(row -> new Position(row.value1(), row.value2()), row -> row.value3());
    }

    /** The time from which postings on a shard may come after it; the shard is a name in the statement. */
    QueryPart time(String shard) {
        return times.isEmpty()
                ? sql("{0}::timestamptz", val(earliest))
                : sql("({0}::timestamptz[])[" + shard + " + 1]", val(times.toArray(OffsetDateTime[]::new)));
    }

    /** The sequence of the last entry on a shard that comes before it, if others at that time do not. */
    QueryPart sequence(String shard) {
        return sequences.isEmpty()
                ? sql("0")
                : sql("({0}::bigint[])[" + shard + " + 1]", val(sequences.toArray(Long[]::new)));
    }
}
