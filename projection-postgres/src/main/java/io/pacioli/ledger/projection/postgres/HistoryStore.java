package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ACCOUNTS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ACTIVITY;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ASSETS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.BALANCES;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ENTRIES;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ENTRY_METADATA;
import static io.pacioli.ledger.projection.postgres.schema.Tables.POSITIONS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.POSTINGS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.REJECTIONS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.REJECTION_COUNTS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.RETENTION;

import io.pacioli.ledger.api.Hash;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.Record4;
import org.jooq.Result;
import org.jooq.SelectConditionStep;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches, each in one transaction with the positions that it brings the shards to.
 *
 * <p>The positions in the store are the truth about what it holds: a batch that does not continue them changes nothing, whoever
 * sends it and however often. Safe for several threads and processes at once; those that write the same shard wait for each other.
 */
final class HistoryStore {
    /**
     * Options of connections that write: a batch is looked up by keys, being a small part of what there is, and the other ways to join would
     * read whole tables for each.
     */
    static final String OPTIONS = "-c enable_hashjoin=off -c enable_mergejoin=off";

    private final DataSource dataSource;
    private final Partitions partitions = new Partitions();

    /** @param dataSource of connections that may write */
    HistoryStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** What became of a batch. */
    sealed interface Written {
        /** The store now holds it. */
        record Committed() implements Written {}

        /**
         * Nothing was written, because the store is elsewhere than where the batch begins.
         *
         * @param stored where it is with each shard of the batch
         */
        record Elsewhere(Map<Integer, StoredPosition> stored) implements Written {}
    }

    /**
     * Where the store is with each of the shards.
     *
     * @throws DataAccessException when the store cannot be read now
     */
    Map<Integer, StoredPosition> positions(Collection<Integer> shards) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(true);
            return byShard(positionsQuery(Dsl.of(connection), shards).fetch(), shards);
        } catch (SQLException e) {
            throw new DataAccessException("cannot connect", e);
        }
    }

    /**
     * Writes a batch unless the store is elsewhere.
     *
     * @throws DataAccessException when the store failed; the batch may have been written all the same, and writing it again tells
     * @throws io.pacioli.ledger.core.InvariantViolation when the batch comes next but is not chained to what the store holds
     */
    Written write(HistoryBatch batch) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            boolean committed = false;
            try {
                partitions.make(batch.months().keySet(), connection);
                Written written = write(batch, connection);
                if (written instanceof Written.Committed) {
                    connection.commit();
                    committed = true;
                }
                return written;
            } finally {
                if (!committed) {
                    rollBack(connection);
                }
            }
        } catch (SQLException e) {
            partitions.forget();
            throw new DataAccessException("cannot write a batch", e);
        }
    }

    private static Written write(HistoryBatch batch, Connection connection) throws SQLException {
        DSLContext sql = Dsl.of(connection);
        Collection<Integer> shards = batch.runs().stream().map(ShardRun::shard).toList();
        Map<Integer, StoredPosition> stored = byShard(
                positionsQuery(sql, shards).orderBy(POSITIONS.SHARD).forUpdate().fetch(), shards);
        for (ShardRun run : batch.runs()) {
            if (position(stored, run).sequence() != run.first() - 1) {
                return new Written.Elsewhere(stored);
            }
        }
        for (ShardRun run : batch.runs()) {
            run.checkContinues(position(stored, run));
            moveTo(sql, position(stored, run), run);
        }
        BatchRows.write(batch, firstMonth(sql), connection);
        return new Written.Committed();
    }

    /** The first month whose entries are kept; null when all are. Until the transaction ends, that stays so. */
    private static @Nullable YearMonth firstMonth(DSLContext sql) {
        OffsetDateTime horizon = sql.select(RETENTION.HORIZON).from(RETENTION).fetchOne(RETENTION.HORIZON);
        return horizon == null ? null : YearMonth.from(horizon.withOffsetSameInstant(ZoneOffset.UTC));
    }

    private static StoredPosition position(Map<Integer, StoredPosition> stored, ShardRun run) {
        return stored.getOrDefault(run.shard(), StoredPosition.none(run.shard()));
    }

    private static void moveTo(DSLContext sql, StoredPosition stored, ShardRun run) {
        OffsetDateTime at = Instant.ofEpochMilli(run.lastAtMillis()).atOffset(ZoneOffset.UTC);
        if (stored.nextOffset() == StoredPosition.BEGINNING) {
            // Fails when another projector begins with the shard at the same time: the rows are claimed by their
            // position.
            sql.insertInto(POSITIONS)
                    .columns(
                            POSITIONS.SHARD,
                            POSITIONS.SEQUENCE,
                            POSITIONS.NEXT_OFFSET,
                            POSITIONS.HASH,
                            POSITIONS.AT,
                            POSITIONS.FOLDED)
                    .values(
                            run.shard(),
                            run.last(),
                            run.nextOffset(),
                            run.lastHash().bytes(),
                            at,
                            run.last())
                    .execute();
            forget(sql, run.shard());
        } else {
            sql.update(POSITIONS)
                    .set(POSITIONS.SEQUENCE, run.last())
                    .set(POSITIONS.NEXT_OFFSET, run.nextOffset())
                    .set(POSITIONS.HASH, run.lastHash().bytes())
                    .set(POSITIONS.AT, at)
                    .set(POSITIONS.FOLDED, run.last())
                    .where(POSITIONS.SHARD.eq(run.shard()))
                    .execute();
        }
    }

    /** A shard without a position is folded from its first entry, so what is left of an earlier fold must go. */
    private static void forget(DSLContext sql, int shard) {
        sql.deleteFrom(BALANCES).where(BALANCES.SHARD.eq(shard)).execute();
        sql.deleteFrom(ACCOUNTS).where(ACCOUNTS.SHARD.eq(shard)).execute();
        sql.deleteFrom(ASSETS).where(ASSETS.SHARD.eq(shard)).execute();
        sql.deleteFrom(ACTIVITY).where(ACTIVITY.SHARD.eq(shard)).execute();
        sql.deleteFrom(REJECTION_COUNTS).where(REJECTION_COUNTS.SHARD.eq(shard)).execute();
        if (sql.fetchExists(ENTRIES, ENTRIES.SHARD.eq(shard))) {
            sql.deleteFrom(ENTRIES).where(ENTRIES.SHARD.eq(shard)).execute();
            sql.deleteFrom(POSTINGS).where(POSTINGS.SHARD.eq(shard)).execute();
            sql.deleteFrom(REJECTIONS).where(REJECTIONS.SHARD.eq(shard)).execute();
            sql.deleteFrom(ENTRY_METADATA).where(ENTRY_METADATA.SHARD.eq(shard)).execute();
        }
    }

    private static SelectConditionStep<Record4<Integer, Long, Long, byte[]>> positionsQuery(
            DSLContext sql, Collection<Integer> shards) {
        return sql.select(POSITIONS.SHARD, POSITIONS.SEQUENCE, POSITIONS.NEXT_OFFSET, POSITIONS.HASH)
                .from(POSITIONS)
                .where(POSITIONS.SHARD.in(shards));
    }

    private static Map<Integer, StoredPosition> byShard(
            Result<Record4<Integer, Long, Long, byte[]>> rows, Collection<Integer> shards) {
        Map<Integer, StoredPosition> positions = new HashMap<>();
        shards.forEach(shard -> positions.put(shard, StoredPosition.none(shard)));
        for (Record4<Integer, Long, Long, byte[]> row : rows) {
            positions.put(
                    row.value1(),
                    new StoredPosition(row.value1(), row.value2(), row.value3(), Hash.ofBytes(row.value4())));
        }
        return positions;
    }

    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is broken: the server rolls back by itself, and the pool discards it.
            throw new DataAccessException("cannot roll back", e);
        }
    }
}
