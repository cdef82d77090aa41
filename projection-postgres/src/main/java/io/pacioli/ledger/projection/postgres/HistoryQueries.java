package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ACCOUNTS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ENTRIES;
import static io.pacioli.ledger.projection.postgres.schema.Tables.POSITIONS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.POSTINGS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.REJECTIONS;
import static org.jooq.impl.DSL.jsonbGetAttribute;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.service.PositionSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * Questions about history. Each is answered from one snapshot of the store together with the positions that it is true for.
 *
 * <p>Thread safe. Every method throws {@link DataAccessException} when the store cannot be read now.
 */
final class HistoryQueries implements PositionSource {
    /** Newest entries of one command id that are looked at: a transfer has four at most, and a reused id a few more. */
    private static final int COMMAND_ENTRIES_MAX = 100;

    private static final Field<String> MEMO =
            jsonbGetAttributeAsText(ENTRIES.DATA, "memo").as("memo");
    private static final Field<JSONB> METADATA =
            jsonbGetAttribute(ENTRIES.DATA, "metadata").as("metadata");

    private final DataSource snapshots;
    private final Router router;

    /**
     * @param snapshots gives connections that begin read-only transactions of isolation level REPEATABLE READ
     * @param router says which shards a question concerns
     */
    HistoryQueries(DataSource snapshots, Router router) {
        this.snapshots = snapshots;
        this.router = router;
    }

    @Override
    public long sequence(int shard) {
        return read(sql -> sequences(sql, List.of(shard)).getOrDefault(shard, 0L));
    }

    /**
     * A page of an account's history, newest first.
     *
     * @param cursor where the page before ended; null for the first
     * @param limit most entries of the page, at least 1
     */
    Found<History.AccountEntries> entries(String account, @Nullable Cursor cursor, int limit) {
        return read(sql -> {
            String asOf = asOf(sql, AccountId.isClearing(account) ? allShards() : List.of(router.shardOf(account)));
            List<? extends Record> rows =
                    pageOfEntries(sql, account, cursor, limit + 1).fetch();
            if (rows.isEmpty() && !sql.fetchExists(ACCOUNTS, ACCOUNTS.ACCOUNT.eq(account))) {
                return new Found<>(null, asOf);
            }
            List<History.AccountEntry> page =
                    rows.stream().limit(limit).map(HistoryQueries::accountEntry).toList();
            String next = nextCursor(rows, limit, POSTINGS.AT, POSTINGS.SHARD, POSTINGS.VERSION);
            return new Found<>(new History.AccountEntries(account, asOf, page, next), asOf);
        });
    }

    /** The postings of the page come out of the index alone, before their entries are looked up, whatever the planner estimates. */
    static Select<? extends Record> pageOfEntries(DSLContext sql, String account, @Nullable Cursor cursor, int rows) {
        Table<?> page = sql.select(POSTINGS.fields())
                .from(POSTINGS)
                .where(POSTINGS.ACCOUNT.eq(account))
                .and(before(cursor, POSTINGS.AT, POSTINGS.SHARD, POSTINGS.VERSION))
                .orderBy(POSTINGS.AT.desc(), POSTINGS.SHARD.desc(), POSTINGS.VERSION.desc())
                .limit(rows)
                .asTable("page");
        return sql.select(page.fields())
                .select(ENTRIES.TYPE, ENTRIES.KIND, ENTRIES.COMMAND_ID, MEMO, METADATA)
                .from(page)
                .join(ENTRIES)
                .on(ENTRIES.SHARD.eq(of(page, POSTINGS.SHARD)))
                .and(ENTRIES.SEQUENCE.eq(of(page, POSTINGS.SEQUENCE)))
                .orderBy(
                        of(page, POSTINGS.AT).desc(),
                        of(page, POSTINGS.SHARD).desc(),
                        of(page, POSTINGS.VERSION).desc());
    }

    /** What is known of the transfer, mint or burn that a command asked for. */
    Found<History.Transfer> transfer(String id) {
        return read(sql -> {
            List<TransferStory.Step> steps = sql.select(
                            ENTRIES.SHARD, ENTRIES.SEQUENCE, ENTRIES.AT, ENTRIES.TYPE, ENTRIES.DATA)
                    .from(ENTRIES)
                    .where(ENTRIES.COMMAND_ID.eq(id))
                    .and(ENTRIES.TYPE.in(TransferStory.TYPES))
                    .orderBy(ENTRIES.AT.desc(), ENTRIES.SHARD.desc(), ENTRIES.SEQUENCE.desc())
                    .limit(COMMAND_ENTRIES_MAX)
                    .fetch(entry -> new TransferStory.Step(
                            new Position(entry.value1(), entry.value2()),
                            entry.value3().toInstant(),
                            entry.value4(),
                            TransferStory.data(entry.value5().data())));
            if (steps.isEmpty()) {
                return new Found<>(null, asOf(sql, allShards()));
            }
            TransferStory story = TransferStory.of(id, steps);
            String asOf = asOf(sql, List.of(router.shardOf(story.from()), router.shardOf(story.to())));
            return new Found<>(story.answer(asOf), asOf);
        });
    }

    /** The outcome of a command. */
    Found<History.Command> command(String id) {
        return read(sql -> {
            Record row = outcome(sql, id).fetchOne();
            if (row == null) {
                return new Found<>(null, asOf(sql, allShards()));
            }
            String asOf = asOf(sql, List.of(row.get(ENTRIES.SHARD)));
            return new Found<>(command(id, asOf, row), asOf);
        });
    }

    /** The newest entry that is the command's outcome, with the rejection if it is one. */
    static Select<? extends Record> outcome(DSLContext sql, String id) {
        return sql.select(ENTRIES.SHARD, ENTRIES.SEQUENCE, ENTRIES.AT, ENTRIES.TYPE)
                .select(REJECTIONS.CODE, REJECTIONS.FIELD, REJECTIONS.LIMIT_VALUE, REJECTIONS.VALUE, REJECTIONS.MESSAGE)
                .from(ENTRIES)
                .leftJoin(REJECTIONS)
                .on(REJECTIONS.AT.eq(ENTRIES.AT))
                .and(REJECTIONS.SHARD.eq(ENTRIES.SHARD))
                .and(REJECTIONS.SEQUENCE.eq(ENTRIES.SEQUENCE))
                .where(ENTRIES.COMMAND_ID.eq(id))
                .and(ENTRIES.IS_OUTCOME)
                .orderBy(ENTRIES.AT.desc(), ENTRIES.SHARD.desc(), ENTRIES.SEQUENCE.desc())
                .limit(1);
    }

    /**
     * A page of rejected commands, newest first.
     *
     * @param cursor where the page before ended; null for the first
     * @param limit most rejections of the page, at least 1
     */
    History.Rejections rejections(@Nullable Cursor cursor, int limit) {
        return read(sql -> {
            List<? extends Record> rows = sql.selectFrom(REJECTIONS)
                    .where(before(cursor, REJECTIONS.AT, REJECTIONS.SHARD, REJECTIONS.SEQUENCE))
                    .orderBy(REJECTIONS.AT.desc(), REJECTIONS.SHARD.desc(), REJECTIONS.SEQUENCE.desc())
                    .limit(limit + 1)
                    .fetch();
            List<History.RejectedCommand> page = rows.stream()
                    .limit(limit)
                    .map(HistoryQueries::rejectedCommand)
                    .toList();
            String next = nextCursor(rows, limit, REJECTIONS.AT, REJECTIONS.SHARD, REJECTIONS.SEQUENCE);
            return new History.Rejections(asOf(sql, allShards()), page, next);
        });
    }

    private static History.AccountEntry accountEntry(Record row) {
        @Nullable JSONB metadata = row.get(METADATA);
        return new History.AccountEntry(
                new Position(row.get(POSTINGS.SHARD), row.get(POSTINGS.SEQUENCE)),
                row.get(POSTINGS.AT).toInstant(),
                row.get(ENTRIES.TYPE),
                row.get(ENTRIES.KIND),
                row.get(ENTRIES.COMMAND_ID),
                row.get(POSTINGS.ASSET),
                row.get(POSTINGS.BUCKET).getLiteral(),
                row.get(POSTINGS.AMOUNT),
                row.get(POSTINGS.BALANCE),
                row.get(POSTINGS.VERSION),
                row.get(POSTINGS.COUNTERPARTY),
                row.get(MEMO),
                metadata == null ? null : metadata.data());
    }

    private static History.Command command(String id, String asOf, Record row) {
        History.Reason rejection = row.get(REJECTIONS.CODE) == null
                ? null
                : new History.Reason(
                        row.get(REJECTIONS.CODE),
                        row.get(REJECTIONS.FIELD),
                        row.get(REJECTIONS.LIMIT_VALUE),
                        row.get(REJECTIONS.VALUE),
                        row.get(REJECTIONS.MESSAGE));
        return new History.Command(
                id,
                asOf,
                rejection == null ? History.CommandStatus.ACCEPTED : History.CommandStatus.REJECTED,
                new Position(row.get(ENTRIES.SHARD), row.get(ENTRIES.SEQUENCE)),
                row.get(ENTRIES.AT).toInstant(),
                row.get(ENTRIES.TYPE),
                rejection);
    }

    private static History.RejectedCommand rejectedCommand(Record row) {
        return new History.RejectedCommand(
                new Position(row.get(REJECTIONS.SHARD), row.get(REJECTIONS.SEQUENCE)),
                row.get(REJECTIONS.AT).toInstant(),
                row.get(REJECTIONS.COMMAND_ID),
                row.get(REJECTIONS.COMMAND_TYPE),
                row.get(REJECTIONS.ACCOUNT),
                row.get(REJECTIONS.CODE),
                row.get(REJECTIONS.FIELD),
                row.get(REJECTIONS.LIMIT_VALUE),
                row.get(REJECTIONS.VALUE),
                row.get(REJECTIONS.MESSAGE));
    }

    private static Condition before(
            @Nullable Cursor cursor, Field<OffsetDateTime> at, Field<Integer> shard, Field<Long> number) {
        return cursor == null ? noCondition() : row(at, shard, number).lt(cursor.at(), cursor.shard(), cursor.number());
    }

    /** Null when the rows, of which there is one more than the page has if there is a next page, are the last. */
    private static @Nullable String nextCursor(
            List<? extends Record> rows,
            int limit,
            Field<OffsetDateTime> at,
            Field<Integer> shard,
            Field<Long> number) {
        if (rows.size() <= limit) {
            return null;
        }
        Record last = rows.get(limit - 1);
        return new Cursor(last.get(at).toInstant().toEpochMilli(), last.get(shard), last.get(number)).toString();
    }

    private static <T> Field<T> of(Table<?> table, Field<T> column) {
        Field<T> field = table.field(column);
        if (field == null) {
            throw new IllegalArgumentException("no such column: " + column);
        }
        return field;
    }

    private List<Integer> allShards() {
        return IntStream.range(0, router.shards()).boxed().toList();
    }

    /** Where the snapshot is with the shards, such as {@code 0:17,3:1841}. */
    private static String asOf(DSLContext sql, Collection<Integer> shards) {
        Map<Integer, Long> sequences = new TreeMap<>(sequences(sql, shards));
        shards.forEach(shard -> sequences.putIfAbsent(shard, 0L));
        return sequences.entrySet().stream()
                .map(shard -> new Position(shard.getKey(), shard.getValue()).toString())
                .collect(Collectors.joining(","));
    }

    private static Map<Integer, Long> sequences(DSLContext sql, Collection<Integer> shards) {
        return sql.select(POSITIONS.SHARD, POSITIONS.SEQUENCE)
                .from(POSITIONS)
                .where(POSITIONS.SHARD.in(shards))
                .fetchMap(POSITIONS.SHARD, POSITIONS.SEQUENCE);
    }

    /** Every statement of the question sees the same snapshot: it is one transaction. */
    private <T> T read(Function<DSLContext, T> question) {
        try (Connection connection = snapshots.getConnection()) {
            boolean answered = false;
            try {
                T answer = question.apply(Dsl.of(connection));
                answered = true;
                return answer;
            } finally {
                end(connection, answered);
            }
        } catch (SQLException e) {
            throw new DataAccessException("cannot connect", e);
        }
    }

    private static void end(Connection connection, boolean answered) throws SQLException {
        if (answered) {
            connection.commit();
        } else {
            connection.rollback();
        }
    }
}
