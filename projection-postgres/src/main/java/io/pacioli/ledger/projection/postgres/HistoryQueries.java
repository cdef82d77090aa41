package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ACCOUNTS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ENTRIES;
import static io.pacioli.ledger.projection.postgres.schema.Tables.POSITIONS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.POSTINGS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.REJECTIONS;
import static org.jooq.impl.DSL.coalesce;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.jsonbGetAttribute;
import static org.jooq.impl.DSL.jsonbGetAttributeAsText;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.TransferKind;
import io.pacioli.ledger.service.PositionSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** Reversals of a transfer that are told, and the entries of theirs that are looked at: each has three at most. */
    private static final int REVERSALS_MAX = 100;

    private static final int REVERSAL_ENTRIES_MAX = 3 * REVERSALS_MAX;

    /** Written into the statement as the index has it. */
    private static final Field<String> REFERENCE = jsonbGetAttributeAsText(ENTRIES.DATA, inline("reference"));

    private static final Field<String> GOES_BACK_TO =
            coalesce(REFERENCE, jsonbGetAttributeAsText(ENTRIES.DATA, "hold")).as("goes_back_to");
    private static final Field<String> MEMO =
            jsonbGetAttributeAsText(ENTRIES.DATA, "memo").as("memo");
    private static final Field<JSONB> METADATA =
            jsonbGetAttribute(ENTRIES.DATA, "metadata").as("metadata");

    /** The types of entries after which a command waits. */
    private static final Set<String> PENDING = Set.of("CommandDeferred", "TransactionBegun");

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
                .select(ENTRIES.TYPE, ENTRIES.KIND, ENTRIES.COMMAND_ID, GOES_BACK_TO, MEMO, METADATA)
                .from(page)
                .join(ENTRIES)
                .on(ENTRIES.SHARD.eq(of(page, POSTINGS.SHARD)))
                .and(ENTRIES.SEQUENCE.eq(of(page, POSTINGS.SEQUENCE)))
                .orderBy(
                        of(page, POSTINGS.AT).desc(),
                        of(page, POSTINGS.SHARD).desc(),
                        of(page, POSTINGS.VERSION).desc());
    }

    /** What is known of the movement of money between two accounts that a command asked for. */
    Found<History.Transfer> transfer(String id) {
        return read(sql -> {
            List<TransferStory.Step> steps =
                    steps(sql, ENTRIES.COMMAND_ID.eq(id), COMMAND_ENTRIES_MAX).fetch(HistoryQueries::step);
            if (steps.isEmpty()) {
                return new Found<>(null, asOf(sql, allShards()));
            }
            TransferStory story = TransferStory.of(id, steps);
            String asOf = asOf(sql, List.of(router.shardOf(story.from()), router.shardOf(story.to())));
            return new Found<>(story.answer(asOf, reversals(sql, id, story.to())), asOf);
        });
    }

    /** The reversals of a transfer that its payee has asked for, newest first. */
    private static List<TransferStory> reversals(DSLContext sql, String transfer, String payee) {
        Map<String, List<TransferStory.Step>> byId =
                reversalSteps(sql, transfer, payee).fetchGroups(ENTRIES.COMMAND_ID, HistoryQueries::step);
        return byId.entrySet().stream()
                .limit(REVERSALS_MAX)
                .map(reversal -> TransferStory.of(reversal.getKey(), reversal.getValue()))
                .toList();
    }

    static Select<? extends Record> reversalSteps(DSLContext sql, String transfer, String payee) {
        return steps(
                sql,
                REFERENCE
                        .eq(transfer)
                        .and(ENTRIES.KIND.eq(TransferKind.REVERSAL.wireName()))
                        .and(jsonbGetAttributeAsText(ENTRIES.DATA, "from").eq(payee)),
                REVERSAL_ENTRIES_MAX);
    }

    /** The newest entries of transfers that a condition is true for. */
    private static Select<? extends Record> steps(DSLContext sql, Condition condition, int max) {
        return sql.select(ENTRIES.COMMAND_ID, ENTRIES.SHARD, ENTRIES.SEQUENCE, ENTRIES.AT, ENTRIES.TYPE, ENTRIES.DATA)
                .from(ENTRIES)
                .where(condition)
                .and(ENTRIES.TYPE.in(TransferStory.TYPES))
                .orderBy(ENTRIES.AT.desc(), ENTRIES.SHARD.desc(), ENTRIES.SEQUENCE.desc())
                .limit(max);
    }

    private static TransferStory.Step step(Record entry) {
        return new TransferStory.Step(
                new Position(entry.get(ENTRIES.SHARD), entry.get(ENTRIES.SEQUENCE)),
                entry.get(ENTRIES.AT).toInstant(),
                entry.get(ENTRIES.TYPE),
                TransferStory.data(entry.get(ENTRIES.DATA).data()));
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
                row.get(GOES_BACK_TO),
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
                status(row, rejection),
                new Position(row.get(ENTRIES.SHARD), row.get(ENTRIES.SEQUENCE)),
                row.get(ENTRIES.AT).toInstant(),
                row.get(ENTRIES.TYPE),
                rejection);
    }

    private static History.CommandStatus status(Record row, History.@Nullable Reason rejection) {
        if (rejection != null) {
            return History.CommandStatus.REJECTED;
        }
        return PENDING.contains(row.get(ENTRIES.TYPE)) ? History.CommandStatus.PENDING : History.CommandStatus.ACCEPTED;
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
