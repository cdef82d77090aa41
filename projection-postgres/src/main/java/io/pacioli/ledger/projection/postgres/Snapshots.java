package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.RETENTION;

import io.pacioli.ledger.service.PositionSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** Answers questions, each from one snapshot of the store. Thread safe. */
final class Snapshots implements PositionSource {
    /**
     * What a connection for questions is set to. Plans are made for the values at hand: a plan for any values would open the
     * partitions of all months, and the one that suits an account with a million entries does not suit one with three.
     */
    static final String OPTIONS =
            "-c plan_cache_mode=force_custom_plan -c jit=off -c max_parallel_workers_per_gather=0";

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
        @Nullable
        OffsetDateTime horizon =
                sql.select(RETENTION.HORIZON).from(RETENTION).fetchSingle().value1();
        return new Snapshot(sql, horizon == null ? null : horizon.toInstant());
    }

    private static void end(Connection connection, boolean answered) throws SQLException {
        if (answered) {
            connection.commit();
        } else {
            connection.rollback();
        }
    }
}
