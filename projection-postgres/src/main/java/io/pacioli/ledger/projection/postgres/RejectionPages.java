package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.REJECTIONS;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.val;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Positions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/** Rejected commands, newest first. Thread safe. */
final class RejectionPages {
    private static final Field<Boolean> MATCHES = field("matches", Boolean.class);
    private static final Field<Boolean> IS_LAST = field("is_last", Boolean.class);
    private static final List<Field<?>> COLUMNS = Stream.concat(
                    Stream.of(REJECTIONS.fields()), Stream.of(IS_LAST, MATCHES))
            .toList();

    /**
     * The rejections that an index finds by the condition 0, as many as 1; of them those that the condition 2 is true for, and the
     * last one read, as many as 3.
     */
    private static final String READ = """
            SELECT r.*, {2} AS matches
            FROM (
                SELECT q.*, row_number() OVER (ORDER BY at DESC, shard DESC, sequence DESC) = {1} AS is_last
                FROM (
                    SELECT * FROM ledger.rejections WHERE {0}
                    ORDER BY at DESC, shard DESC, sequence DESC LIMIT {1}
                ) AS q
            ) AS r
            WHERE {2} OR r.is_last
            ORDER BY at DESC, shard DESC, sequence DESC
            LIMIT {3}""";

    private final Snapshots snapshots;
    private final Shards shards;

    /** Which rejections are asked for; null stands for any. */
    record Filter(@Nullable String code, @Nullable String account) {
        /** All rejections. */
        static final Filter ANY = new Filter(null, null);

        /** Whether rejections that the index by account finds may have to be left out. */
        boolean isFiltered() {
            return code != null && account != null;
        }
    }

    RejectionPages(Snapshots snapshots, Shards shards) {
        this.snapshots = snapshots;
        this.shards = shards;
    }

    /**
     * A page of rejected commands.
     *
     * @param cursor where the page before ended; null for the first
     * @param limit most rejections of the page, at least 1
     */
    Found<History.Rejections> page(Filter filter, Asked asked, Cursor.@Nullable InTime cursor, int limit) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(shards.all());
            Span span = asked.within(snapshot, snapshot.end()).before(cursor == null ? Instant.MAX : cursor.end());
            Page<History.RejectedCommand> page = Page.read(
                    limit,
                    rowsMax ->
                            read(snapshot.sql(), filter, span, cursor, rowsMax).fetch(RejectionPages::line));
            return new Found<>(new History.Rejections(Positions.text(asOf), page.items(), page.nextCursor()), asOf);
        });
    }

    static ResultQuery<? extends Record> read(
            DSLContext sql, Filter filter, Span span, Cursor.@Nullable InTime cursor, int rowsMax) {
        Condition ofCode = filter.code() == null ? noCondition() : condition("code = {0}", val(filter.code()));
        Condition ofIndex = filter.account() == null ? ofCode : condition("account = {0}", val(filter.account()));
        Condition range = condition("at >= {0} AND at < {1}", val(span.fromTime()), val(span.toTime()));
        if (cursor != null) {
            range = range.and(condition(
                    "(at, shard, sequence) < ({0}, {1}, {2})",
                    val(cursor.at()), val(cursor.shard()), val(cursor.number())));
        }
        return sql.resultQuery(
                        READ,
                        ofIndex.and(range),
                        val(filter.isFiltered() ? Page.READ_MAX : rowsMax),
                        field(condition("true").and(ofCode)),
                        val(rowsMax))
                .coerce(COLUMNS);
    }

    private static Page.Line<History.RejectedCommand> line(Record row) {
        Cursor cursor = new Cursor.InTime(
                Cursor.Kind.REJECTIONS,
                row.get(REJECTIONS.AT).toInstant().toEpochMilli(),
                row.get(REJECTIONS.SHARD),
                row.get(REJECTIONS.SEQUENCE));
        return new Page.Line<>(row.get(MATCHES) ? rejectedCommand(row) : null, cursor.toString(), row.get(IS_LAST));
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
}
