package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ENTRIES;
import static io.pacioli.ledger.projection.postgres.schema.Tables.POSTINGS;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.sql;
import static org.jooq.impl.DSL.val;

import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Positions;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * The journal: its entries with their postings, newest first. Thread safe.
 *
 * <p>One condition of the filter chooses the index that is read, at most {@link Page#READ_MAX} entries of it; the others are looked at in
 * the entries themselves.
 */
final class EntryPages {
    private static final String ALL = "ledger.entries";
    private static final HexFormat HEX = HexFormat.of();
    private static final Field<Boolean> MATCHES = field("matches", Boolean.class);
    private static final Field<Boolean> IS_LAST = field("is_last", Boolean.class);

    private static final List<Field<?>> COLUMNS = List.of(
            ENTRIES.SHARD,
            ENTRIES.SEQUENCE,
            ENTRIES.AT,
            ENTRIES.TYPE,
            ENTRIES.KIND,
            ENTRIES.COMMAND_ID,
            ENTRIES.CAUSE,
            ENTRIES.HASH,
            ENTRIES.DATA,
            MATCHES,
            IS_LAST);

    private static final List<Field<?>> POSTING_COLUMNS = List.of(
            POSTINGS.SHARD,
            POSTINGS.SEQUENCE,
            POSTINGS.ACCOUNT,
            POSTINGS.ASSET,
            POSTINGS.BUCKET,
            POSTINGS.AMOUNT,
            POSTINGS.BALANCE,
            POSTINGS.VERSION,
            POSTINGS.COUNTERPARTY);

    /** Of the entries 0 those that the condition 1 is true for, and the last one read; as many as 2. */
    private static final String MATCHING = """
            SELECT e.shard, e.sequence, e.at, e.type, e.kind, e.command_id, e.cause, e.hash, e.data, {1} AS matches, e.is_last
            FROM ({0}) AS e
            WHERE {1} OR e.is_last
            ORDER BY e.at DESC, e.shard DESC, e.sequence DESC
            LIMIT {2}""";

    /** The first rows of the source 0 that the condition 1 is true for, in the order of an index, as many as 2. */
    private static final String IN_ORDER = """
            SELECT q.*, row_number() OVER (ORDER BY at DESC, shard DESC, sequence DESC) = {2} AS is_last
            FROM (
                SELECT * FROM {0} WHERE {1}
                ORDER BY at DESC, shard DESC, sequence DESC LIMIT {2}
            ) AS q""";

    /** A source of the entries of the command 0 that the condition 1 is true for: from both parts of the index as many as 2. */
    private static final String OF_COMMAND = """
            (
                SELECT e.*
                FROM (VALUES (0), (1)) AS part (conflict)
                CROSS JOIN LATERAL (
                    SELECT * FROM ledger.entries
                    WHERE command_id = {0} AND CASE WHEN type = 'CommandRejected' AND NOT is_outcome THEN 1 ELSE 0 END = part.conflict
                      AND {1}
                    ORDER BY at DESC, shard DESC, sequence DESC LIMIT {2}
                ) AS e
            ) AS of_command""";

    /** The entries of the metadata 0; their time is within 1, which spares the planner other partitions. */
    private static final String OF_METADATA = """
            SELECT e.*, m.is_last
            FROM ({0}) AS m
            CROSS JOIN LATERAL (
                SELECT * FROM ledger.entries
                WHERE shard = m.shard AND sequence = m.sequence AND at = m.at AND {1}
                LIMIT 1
            ) AS e
            ORDER BY m.at DESC, m.shard DESC, m.sequence DESC""";

    /** The postings of the entries with the shards 0, sequences 1 and times 2, in their order. */
    private static final String POSTINGS_OF = """
            SELECT p.*
            FROM unnest({0}::integer[], {1}::bigint[], {2}::timestamptz[]) AS e (shard, sequence, at)
            CROSS JOIN LATERAL (
                SELECT shard, sequence, account, asset, bucket, amount, balance, version, counterparty FROM ledger.postings
                WHERE shard = e.shard AND sequence = e.sequence AND at = e.at
                OFFSET 0
            ) AS p
            ORDER BY p.shard, p.sequence, p.asset, p.account, p.version""";

    private final Snapshots snapshots;
    private final Shards shards;

    EntryPages(Snapshots snapshots, Shards shards) {
        this.snapshots = snapshots;
        this.shards = shards;
    }

    /**
     * A page of the journal.
     *
     * @param cursor where the page before ended; null for the first
     * @param limit most entries of the page, at least 1
     */
    Found<History.JournalEntries> page(EntryFilter filter, Asked asked, Cursor.@Nullable InTime cursor, int limit) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(shards.all());
            Span span = asked.within(snapshot, snapshot.end()).before(cursor == null ? Instant.MAX : cursor.end());
            Page<Record> page = Page.read(
                    limit,
                    rowsMax ->
                            read(snapshot.sql(), filter, span, cursor, rowsMax).fetch(EntryPages::line));
            return new Found<>(
                    new History.JournalEntries(
                            Positions.text(asOf), withPostings(snapshot.sql(), page.items()), page.nextCursor()),
                    asOf);
        });
    }

    /** The entry at a position; null when the shard has not got there yet. */
    Found<History.EntryAt> at(Position position) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(List.of(position.shard()));
            Record row = entry(snapshot.sql(), position).fetchOne();
            if (row != null) {
                History.JournalEntry entry =
                        withPostings(snapshot.sql(), List.of(row)).getFirst();
                return new Found<>(new History.EntryAt(Positions.text(asOf), entry), asOf);
            }
            if (position.sequence() > 0
                    && position.sequence() <= asOf.getFirst().sequence()) {
                throw snapshot.detached("the entry at " + position + " has been detached");
            }
            return new Found<>(null, asOf);
        });
    }

    /** Whether entries that are read may have to be left out: all indexes but that of kinds, which there is none of, are exact. */
    private static boolean isFiltered(EntryFilter filter) {
        return filter.kind() != null || filter.conditions() > 1;
    }

    static ResultQuery<? extends Record> entry(DSLContext sql, Position position) {
        return sql.select(ENTRIES.fields())
                .from(ENTRIES)
                .where(ENTRIES.SHARD.eq(position.shard()))
                .and(ENTRIES.SEQUENCE.eq(position.sequence()))
                .limit(1);
    }

    static ResultQuery<? extends Record> read(
            DSLContext sql, EntryFilter filter, Span span, Cursor.@Nullable InTime cursor, int rowsMax) {
        Condition within = condition("at >= {0} AND at < {1}", val(span.fromTime()), val(span.toTime()));
        Condition range = within;
        if (cursor != null) {
            range = range.and(condition(
                    "(at, shard, sequence) < ({0}, {1}, {2})",
                    val(cursor.at()), val(cursor.shard()), val(cursor.number())));
        }
        QueryPart read = places(filter, range, rowsMax);
        boolean isOfMetadata = filter.commandId() == null && filter.reference() == null && filter.metadata() != null;
        return sql.resultQuery(
                        MATCHING,
                        isOfMetadata ? sql(OF_METADATA, read, within) : read,
                        field(matches(filter)),
                        val(rowsMax))
                .coerce(COLUMNS);
    }

    /** The index that leaves least to the other conditions. */
    private static QueryPart places(EntryFilter filter, Condition range, int rowsMax) {
        int readMax = isFiltered(filter) ? Page.READ_MAX : rowsMax;
        if (filter.commandId() != null) {
            QueryPart ofCommand = sql(OF_COMMAND, val(filter.commandId()), range, val(readMax));
            return sql(IN_ORDER, ofCommand, noCondition(), val(readMax));
        }
        if (filter.reference() != null) {
            return inOrder(ALL, is("data ->> 'reference' = {0}", filter.reference()), range, readMax);
        }
        EntryFilter.Member member = filter.metadata();
        if (member != null) {
            Condition condition = condition("key = {0} AND value = {1}", val(member.key()), val(member.value()));
            return inOrder("ledger.entry_metadata", condition, range, readMax);
        }
        return inOrder(ALL, is("type = {0}", filter.type()), range, readMax);
    }

    private static QueryPart inOrder(String table, Condition condition, Condition range, int readMax) {
        return sql(IN_ORDER, sql(table), condition.and(range), val(readMax));
    }

    private static Condition matches(EntryFilter filter) {
        return condition("true")
                .and(is("e.type = {0}", filter.type()))
                .and(is("e.kind = {0}", filter.kind()))
                .and(is("e.command_id = {0}", filter.commandId()))
                .and(is("e.data ->> 'reference' = {0}", filter.reference()))
                .and(
                        filter.metadata() == null
                                ? noCondition()
                                : condition(
                                        "coalesce(e.data -> 'metadata', e.data -> 'command' -> 'metadata') ->> {0} = {1}",
                                        val(filter.metadata().key()),
                                        val(filter.metadata().value())));
    }

    private static Condition is(String template, @Nullable String value) {
        return value == null ? noCondition() : condition(template, val(value));
    }

    private static Page.Line<Record> line(Record row) {
        Cursor cursor = new Cursor.InTime(
                Cursor.Kind.JOURNAL,
                row.get(ENTRIES.AT).toInstant().toEpochMilli(),
                row.get(ENTRIES.SHARD),
                row.get(ENTRIES.SEQUENCE));
        boolean matches = Boolean.TRUE.equals(row.get(MATCHES));
        return new Page.Line<>(matches ? row : null, cursor.toString(), row.get(IS_LAST));
    }

    private static List<History.JournalEntry> withPostings(DSLContext sql, List<? extends Record> entries) {
        if (entries.isEmpty()) {
            return List.of();
        }
        Map<Position, List<History.EntryPosting>> postings =
                postings(sql, entries).fetchGroups(EntryPages::positionOfPosting, EntryPages::posting);
        return entries.stream()
                .map(entry -> {
                    Position position = new Position(entry.get(ENTRIES.SHARD), entry.get(ENTRIES.SEQUENCE));
                    return new History.JournalEntry(
                            position,
                            entry.get(ENTRIES.AT).toInstant(),
                            entry.get(ENTRIES.TYPE),
                            entry.get(ENTRIES.KIND),
                            entry.get(ENTRIES.COMMAND_ID),
                            entry.get(ENTRIES.CAUSE),
                            entry.get(ENTRIES.DATA).data(),
                            HEX.formatHex(entry.get(ENTRIES.HASH)),
                            Objects.requireNonNullElse(postings.get(position), List.of()));
                })
                .toList();
    }

    static ResultQuery<? extends Record> postings(DSLContext sql, List<? extends Record> entries) {
        return sql.resultQuery(
                        POSTINGS_OF,
                        val(entries.stream()
                                .map(entry -> entry.get(ENTRIES.SHARD))
                                .toArray(Integer[]::new)),
                        val(entries.stream()
                                .map(entry -> entry.get(ENTRIES.SEQUENCE))
                                .toArray(Long[]::new)),
                        val(entries.stream().map(entry -> entry.get(ENTRIES.AT)).toArray(OffsetDateTime[]::new)))
                .coerce(POSTING_COLUMNS);
    }

    private static Position positionOfPosting(Record posting) {
        return new Position(posting.get(POSTINGS.SHARD), posting.get(POSTINGS.SEQUENCE));
    }

    private static History.EntryPosting posting(Record row) {
        return new History.EntryPosting(
                row.get(POSTINGS.ACCOUNT),
                row.get(POSTINGS.ASSET),
                row.get(POSTINGS.BUCKET).getLiteral(),
                row.get(POSTINGS.AMOUNT),
                row.get(POSTINGS.BALANCE),
                row.get(POSTINGS.VERSION),
                row.get(POSTINGS.COUNTERPARTY));
    }
}
