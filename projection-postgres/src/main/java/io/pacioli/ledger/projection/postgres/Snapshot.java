package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.POSITIONS;
import static org.jooq.impl.DSL.max;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One state of the store: whatever is read through it, however many statements that takes, was true at the same time.
 *
 * @param sql statements in its transaction
 * @param horizon before it entries and postings have been detached; null when all are there
 */
record Snapshot(DSLContext sql, @Nullable Instant horizon) {
    private static final int GONE = 410;

    /** Where the shards are, in the order given; those that have nothing yet are at 0. */
    List<Position> positions(Collection<Integer> shards) {
        Map<Integer, Long> sequences = sql.select(POSITIONS.SHARD, POSITIONS.SEQUENCE)
                .from(POSITIONS)
                .where(POSITIONS.SHARD.in(shards))
                .fetchMap(POSITIONS.SHARD, POSITIONS.SEQUENCE);
        return shards.stream()
                .distinct()
                .map(shard -> new Position(shard, sequences.getOrDefault(shard, 0L)))
                .toList();
    }

    /** A time right after the newest entry of all; the beginning of time when there is none. */
    Instant end() {
        OffsetDateTime newest =
                sql.select(max(POSITIONS.AT)).from(POSITIONS).fetchSingle().value1();
        return newest == null ? Instant.EPOCH : newest.toInstant().plusMillis(1);
    }

    /** @throws ProblemException 410 when what happened right after that time, and what was true then, is no longer kept */
    void checkKept(Instant since) {
        if (horizon != null && since.isBefore(horizon)) {
            throw detached("history before " + horizon + " has been detached: asked for " + since);
        }
    }

    /** The problem of asking for what is older than the store goes back; only when it has a horizon. */
    ProblemException detached(String detail) {
        return new ProblemException(
                Problem.of(GONE, "HISTORY_DETACHED", detail).with("horizon", String.valueOf(horizon)));
    }
}
