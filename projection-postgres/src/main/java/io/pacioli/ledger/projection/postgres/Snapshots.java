package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.RETENTION;

import io.pacioli.ledger.service.PositionSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** Answers questions, each from one snapshot of the store. Thread safe. */
final class Snapshots implements PositionSource {
    /**
     * What a connection for questions is set to: each statement is planned once and for any values, from scans of indexes in their
     * order and nested loops alone, wherever there is such a plan. The statements here are written for that; then what the planner
     * believes to know of an account with a million entries, or of one with three, cannot make a page slow, and no time goes into
     * planning for every partition again and again. Partitions out of a question's time are still left out, when it is asked.
     */
    static final String OPTIONS = Stream.of(
                    "plan_cache_mode=force_generic_plan",
                    "enable_seqscan=off",
                    "enable_bitmapscan=off",
                    "enable_sort=off",
                    "enable_incremental_sort=off",
                    "enable_hashjoin=off",
                    "enable_mergejoin=off",
                    "jit=off",
                    "max_parallel_workers_per_gather=0")
            .map(setting -> "-c " + setting)
            .collect(Collectors.joining(" "));

    /** What a statement that looks at everything is set to, for its transaction: as the planner likes it. */
    private static final List<String> ANY_PLAN = List.of(
            "plan_cache_mode = force_custom_plan",
            "enable_seqscan = on",
            "enable_bitmapscan = on",
            "enable_sort = on",
            "enable_incremental_sort = on",
            "enable_hashjoin = on",
            "enable_mergejoin = on",
            "jit = on",
            "max_parallel_workers_per_gather = 2",
            "work_mem = '64MB'");

    private final DataSource connections;

    /** @param connections begin read-only transactions of isolation level REPEATABLE READ */
    Snapshots(DataSource connections) {
        this.connections = connections;
    }

    @Override
    public long sequence(int shard) {
        return read(snapshot -> snapshot.positions(List.of(shard))).getFirst().sequence();
    }

    /**
     * Answers a question.
     *
     * @throws DataAccessException when the store cannot be read now
     * @throws io.pacioli.ledger.service.ProblemException 503 while an upgrade fills its tables
     */
    <T> T read(Function<Snapshot, T> question) {
        try (Connection connection = connections.getConnection()) {
            boolean answered = false;
            try {
                T answer = question.apply(begin(Dsl.of(connection)));
                answered = true;
                return answer;
            } finally {
                end(connection, answered);
            }
        } catch (SQLException e) {
            throw new DataAccessException("cannot connect", e);
        }
    }

    /** Locks before anything is read: partitions that are detached meanwhile would be missing from a snapshot of before. */
    private static Snapshot begin(DSLContext sql) {
        sql.execute("LOCK TABLE ledger.retention IN ACCESS SHARE MODE");
        Record1<OffsetDateTime> retention =
                sql.select(RETENTION.HORIZON).from(RETENTION).fetchOne();
        if (retention == null) {
            throw Requests.upgrading();
        }
        @Nullable OffsetDateTime horizon = retention.value1();
        return new Snapshot(sql, horizon == null ? null : horizon.toInstant());
    }

    /** Lets statements of a question that look at everything take their time, and whatever plan suits them. */
    static void allowAnyPlan(Snapshot snapshot, int millisMax) {
        ANY_PLAN.forEach(setting -> snapshot.sql().execute("SET LOCAL " + setting));
        snapshot.sql().execute("SET LOCAL statement_timeout = " + millisMax);
    }

    private static void end(Connection connection, boolean answered) throws SQLException {
        if (answered) {
            connection.commit();
        } else {
            connection.rollback();
        }
    }
}
