package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ACCOUNTS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ASSETS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.BALANCES;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ENTRIES;
import static io.pacioli.ledger.projection.postgres.schema.Tables.POSTINGS;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.max;
import static org.jooq.impl.DSL.min;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.sql;
import static org.jooq.impl.DSL.val;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Positions;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/**
 * Lists of postings with what their entries tell, newest first: an account's and an asset's. Thread safe.
 *
 * <p>Each page comes out of an index that has its order, and no statement reads more than {@link Page#READ_MAX} postings, whatever
 * the planner knows of the data: its nested queries with their limits leave it no other way.
 */
final class PostingPages {
    /** Assets whose lanes are merged, at most. */
    private static final int LANES_MAX = 50;

    private static final Field<Boolean> MATCHES = field("matches", Boolean.class);
    private static final Field<Boolean> IS_LAST = field("is_last", Boolean.class);
    private static final Field<String> REFERENCE = field("reference", String.class);
    private static final Field<String> MEMO = field("memo", String.class);
    private static final Field<JSONB> METADATA = field("metadata", JSONB.class);

    private static final List<Field<?>> COLUMNS = List.of(
            POSTINGS.AT,
            POSTINGS.SHARD,
            POSTINGS.SEQUENCE,
            POSTINGS.VERSION,
            POSTINGS.ACCOUNT,
            POSTINGS.ASSET,
            POSTINGS.BUCKET,
            POSTINGS.AMOUNT,
            POSTINGS.BALANCE,
            POSTINGS.COUNTERPARTY,
            ENTRIES.TYPE,
            ENTRIES.KIND,
            ENTRIES.COMMAND_ID,
            REFERENCE,
            MEMO,
            METADATA,
            MATCHES,
            IS_LAST);

    private static final QueryPart ACCOUNT_ORDER = sql("at DESC, shard DESC, version DESC");
    private static final QueryPart ASSET_ORDER = sql("at DESC, shard DESC, sequence DESC, account DESC, version DESC");

    /**
     * Postings with their entries, which are looked up one by one as far as they are needed: the postings 0 that the
     * condition 1 is true for, and the last ones read; in the order 2, as many as 3. The condition 4 on their time spares the planner
     * the other partitions.
     */
    private static final String WITH_ENTRIES = """
            SELECT p.at, p.shard, p.sequence, p.version, p.account, p.asset, p.bucket, p.amount, p.balance, p.counterparty,
                   e.type, e.kind, e.command_id, coalesce(e.data ->> 'reference', e.data ->> 'hold') AS reference,
                   e.data ->> 'memo' AS memo, e.data -> 'metadata' AS metadata, {1} AS matches, p.is_last
            FROM ({0}) AS p
            CROSS JOIN LATERAL (
                SELECT type, kind, command_id, data FROM ledger.entries
                WHERE shard = p.shard AND sequence = p.sequence AND at = p.at AND {4}
                LIMIT 1
            ) AS e
            WHERE {1} OR p.is_last
            ORDER BY {2}
            LIMIT {3}""";

    /** The first postings that the condition 0 is true for, in the order 1, as many as 2. */
    private static final String IN_ORDER = """
            SELECT q.*, row_number() OVER (ORDER BY {1}) = {2} AS is_last
            FROM (SELECT * FROM ledger.postings WHERE {0} ORDER BY {1} LIMIT {2}) AS q""";

    /**
     * The postings in the lanes of the assets 0 and the buckets 1 of the account 2 that the condition 3 is true for, from each
     * lane as many as 4. After the last one of a lane that has more some of other lanes may be missing.
     */
    private static final String MERGED = """
            SELECT q.*
            FROM unnest({0}::text[]) AS lane (asset)
            CROSS JOIN unnest({1}::text[]::ledger.bucket[]) AS part (bucket)
            CROSS JOIN LATERAL (
                SELECT r.*, row_number() OVER (ORDER BY at DESC, shard DESC, version DESC) = {4} AS is_last
                FROM (
                    SELECT * FROM ledger.postings
                    WHERE account = {2} AND asset = lane.asset AND bucket = part.bucket AND {3}
                    ORDER BY at DESC, shard DESC, version DESC LIMIT {4}
                ) AS r
            ) AS q
            ORDER BY at DESC, shard DESC, version DESC LIMIT {5}""";

    private static final QueryPart STATEMENT_ORDER = sql("at, shard, version");

    /** The postings of the account 0 in the asset 1 that the condition 2 is true for, oldest first, as many as 3. */
    private static final String STATEMENT = """
            SELECT q.*, false AS is_last
            FROM unnest(enum_range(NULL::ledger.bucket)) AS lane (bucket)
            CROSS JOIN LATERAL (
                SELECT * FROM ledger.postings
                WHERE account = {0} AND asset = {1} AND bucket = lane.bucket AND {2}
                ORDER BY at, shard, version LIMIT {3}
            ) AS q
            ORDER BY at, shard, version LIMIT {3}""";

    private final Snapshots snapshots;
    private final Shards shards;

    PostingPages(Snapshots snapshots, Shards shards) {
        this.snapshots = snapshots;
        this.shards = shards;
    }

    /**
     * A page of an account's postings.
     *
     * @param cursor where the page before ended; null for the first
     * @param limit most postings of the page, at least 1
     */
    Found<History.AccountEntries> ofAccount(
            String account, PostingFilter filter, Asked asked, Cursor.@Nullable InTime cursor, int limit) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(shards.of(account));
            OffsetDateTime since = snapshot.sql()
                    .select(min(ACCOUNTS.SINCE))
                    .from(ACCOUNTS)
                    .where(ACCOUNTS.ACCOUNT.eq(account))
                    .fetchSingle()
                    .value1();
            if (since == null) {
                return new Found<>(null, asOf);
            }
            Lanes lanes = Lanes.of(snapshot, account, filter);
            Span span = asked.within(snapshot, lanes.end())
                    .since(since.toInstant())
                    .before(cursor == null ? Instant.MAX : cursor.end());
            Page<History.PostedEntry> page = Page.read(
                    limit,
                    rowsMax -> ofLanes(snapshot.sql(), lanes, filter, span, cursor, rowsMax)
                            .fetch(row -> line(row, inTime(row))));
            return new Found<>(
                    new History.AccountEntries(account, Positions.text(asOf), page.items(), page.nextCursor()), asOf);
        });
    }

    /**
     * A page of an asset's postings, those of clearing accounts left out.
     *
     * @param filter of which only the conditions on entries count
     * @param cursor where the page before ended; null for the first
     * @param limit most postings of the page, at least 1
     */
    Found<History.AssetEntries> ofAsset(
            String asset, PostingFilter filter, Asked asked, Cursor.@Nullable InAsset cursor, int limit) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(shards.all());
            if (!snapshot.sql().fetchExists(ASSETS, ASSETS.ASSET.eq(asset))) {
                return new Found<>(null, asOf);
            }
            Span span = asked.within(snapshot, snapshot.end()).before(cursor == null ? Instant.MAX : cursor.end());
            Page<History.PostedEntry> page = Page.read(
                    limit,
                    rowsMax -> ofAsset(snapshot.sql(), asset, filter, span, cursor, rowsMax)
                            .fetch(row -> line(row, inAsset(row))));
            return new Found<>(
                    new History.AssetEntries(asset, Positions.text(asOf), page.items(), page.nextCursor()), asOf);
        });
    }

    /** An index in which an account's postings are in the order of time. */
    enum Index {
        /** Those with one counterparty. */
        COUNTERPARTY,
        /** All, but for clearing accounts. */
        ACCOUNT,
        /** Those of one asset in one bucket: lanes, which are merged. */
        LANES
    }

    /**
     * Where the postings of an account are found.
     *
     * @param assets that the account has had, or the one asked for: each with each bucket is a lane of its own
     * @param end a time after the newest posting in them
     */
    record Lanes(String account, Index index, List<String> assets, List<String> buckets, Instant end) {
        static Lanes of(Snapshot snapshot, String account, PostingFilter filter) {
            Map<String, OffsetDateTime> changed = snapshot.sql()
                    .select(BALANCES.ASSET, max(BALANCES.AT))
                    .from(BALANCES)
                    .where(BALANCES.ACCOUNT.eq(account))
                    .and(filter.asset() == null ? noCondition() : BALANCES.ASSET.eq(filter.asset()))
                    .groupBy(BALANCES.ASSET)
                    .fetchMap(Record2::value1, Record2::value2);
            return new Lanes(
                    account,
                    index(account, filter, changed.size()),
                    List.copyOf(changed.keySet()),
                    Arrays.stream(Bucket.values())
                            .filter(bucket -> filter.bucket() == null || filter.bucket() == bucket)
                            .map(Bucket::wireName)
                            .toList(),
                    changed.isEmpty()
                            ? Instant.EPOCH
                            : Collections.max(changed.values()).toInstant().plusMillis(1));
        }

        private static Index index(String account, PostingFilter filter, int assets) {
            if (AccountId.isClearing(account)) {
                return Index.LANES;
            }
            if (filter.counterparty() != null) {
                return Index.COUNTERPARTY;
            }
            return filter.asset() != null || (filter.bucket() != null && assets <= LANES_MAX)
                    ? Index.LANES
                    : Index.ACCOUNT;
        }

        /** Whether postings that are read may have to be left out. */
        boolean isFiltered(PostingFilter filter) {
            return filter.hasEntry()
                    || switch (index) {
                        case COUNTERPARTY -> filter.asset() != null || filter.bucket() != null;
                        case ACCOUNT -> filter.bucket() != null;
                        case LANES -> filter.counterparty() != null;
                    };
        }
    }

    static ResultQuery<? extends Record> ofLanes(
            DSLContext sql, Lanes lanes, PostingFilter filter, Span span, Cursor.@Nullable InTime cursor, int rowsMax) {
        Condition range = cursor == null
                ? within(span)
                : within(span)
                        .and(condition(
                                "(at, shard, version) < ({0}, {1}, {2})",
                                val(cursor.at()), val(cursor.shard()), val(cursor.number())));
        boolean isFiltered = lanes.isFiltered(filter);
        int readMax = isFiltered ? Page.READ_MAX : rowsMax;
        QueryPart postings = switch (lanes.index()) {
            case LANES -> merged(lanes, range, readMax);
            case COUNTERPARTY ->
                sql(
                        IN_ORDER,
                        condition(
                                "account = {0} AND counterparty = {1} AND account NOT LIKE '@clearing/%' AND {2}",
                                val(lanes.account()), val(filter.counterparty()), range),
                        ACCOUNT_ORDER,
                        val(readMax));
            case ACCOUNT ->
                sql(
                        IN_ORDER,
                        condition(
                                "hashtextextended(account, 0) = hashtextextended({0}, 0) AND account = {0}"
                                        + " AND account NOT LIKE '@clearing/%' AND {1}",
                                val(lanes.account()), range),
                        ACCOUNT_ORDER,
                        val(readMax));
        };
        return withEntries(sql, postings, filter, ACCOUNT_ORDER, span, rowsMax);
    }

    private static QueryPart merged(Lanes lanes, Condition range, int readMax) {
        int count = lanes.assets().size() * lanes.buckets().size();
        return sql(
                MERGED,
                val(lanes.assets().toArray(String[]::new)),
                val(lanes.buckets().toArray(String[]::new)),
                val(lanes.account()),
                range,
                val(Math.clamp(Page.READ_MAX / Math.max(1, count), 1, readMax)),
                val(Page.READ_MAX));
    }

    static ResultQuery<? extends Record> ofAsset(
            DSLContext sql,
            String asset,
            PostingFilter filter,
            Span span,
            Cursor.@Nullable InAsset cursor,
            int rowsMax) {
        Condition range = cursor == null
                ? within(span)
                : within(span)
                        .and(condition(
                                "(at, shard, sequence, account, version) < ({0}, {1}, {2}, {3}, {4})",
                                val(cursor.at()),
                                val(cursor.shard()),
                                val(cursor.sequence()),
                                val(cursor.account()),
                                val(cursor.version())));
        QueryPart postings = sql(
                IN_ORDER,
                condition("asset = {0} AND account NOT LIKE '@clearing/%' AND {1}", val(asset), range),
                ASSET_ORDER,
                val(filter.hasEntry() ? Page.READ_MAX : rowsMax));
        return withEntries(sql, postings, filter, ASSET_ORDER, span, rowsMax);
    }

    /**
     * What changed an account's holding of an asset, oldest first.
     *
     * @param linesMax most that are told
     */
    static List<History.PostedEntry> statementLines(
            DSLContext sql, String account, String asset, Span span, int linesMax) {
        return ofStatement(sql, account, asset, span, linesMax).fetch(PostingPages::entry);
    }

    static ResultQuery<? extends Record> ofStatement(
            DSLContext sql, String account, String asset, Span span, int linesMax) {
        QueryPart postings = sql(STATEMENT, val(account), val(asset), within(span), val(linesMax));
        return withEntries(sql, postings, PostingFilter.ANY, STATEMENT_ORDER, span, linesMax);
    }

    private static Condition within(Span span) {
        return condition("at >= {0} AND at < {1}", val(span.fromTime()), val(span.toTime()));
    }

    /** The conditions that an index looks for already are true for every posting that is read. */
    private static ResultQuery<? extends Record> withEntries(
            DSLContext sql, QueryPart postings, PostingFilter filter, QueryPart order, Span span, int rowsMax) {
        Condition matches = condition("true")
                .and(is("p.asset = {0}", filter.asset()))
                .and(is(
                        "p.bucket = {0}::ledger.bucket",
                        filter.bucket() == null ? null : filter.bucket().wireName()))
                .and(is("p.counterparty = {0}", filter.counterparty()))
                .and(is("e.type = {0}", filter.type()))
                .and(is("e.kind = {0}", filter.kind()));
        return sql.resultQuery(WITH_ENTRIES, postings, field(matches), order, val(rowsMax), within(span))
                .coerce(COLUMNS);
    }

    private static Condition is(String template, @Nullable String value) {
        return value == null ? noCondition() : condition(template, val(value));
    }

    private static Page.Line<History.PostedEntry> line(Record row, Cursor cursor) {
        boolean matches = Boolean.TRUE.equals(row.get(MATCHES));
        return new Page.Line<>(matches ? entry(row) : null, cursor.toString(), row.get(IS_LAST));
    }

    private static Cursor inTime(Record row) {
        return new Cursor.InTime(
                Cursor.Kind.ACCOUNT,
                row.get(POSTINGS.AT).toInstant().toEpochMilli(),
                row.get(POSTINGS.SHARD),
                row.get(POSTINGS.VERSION));
    }

    private static Cursor inAsset(Record row) {
        return new Cursor.InAsset(
                row.get(POSTINGS.AT).toInstant().toEpochMilli(),
                row.get(POSTINGS.SHARD),
                row.get(POSTINGS.SEQUENCE),
                row.get(POSTINGS.ACCOUNT),
                row.get(POSTINGS.VERSION));
    }

    private static History.PostedEntry entry(Record row) {
        @Nullable JSONB metadata = row.get(METADATA);
        return new History.PostedEntry(
                new Position(row.get(POSTINGS.SHARD), row.get(POSTINGS.SEQUENCE)),
                row.get(POSTINGS.AT).toInstant(),
                row.get(ENTRIES.TYPE),
                row.get(ENTRIES.KIND),
                row.get(ENTRIES.COMMAND_ID),
                row.get(POSTINGS.ACCOUNT),
                row.get(POSTINGS.ASSET),
                row.get(POSTINGS.BUCKET).getLiteral(),
                row.get(POSTINGS.AMOUNT),
                row.get(POSTINGS.BALANCE),
                row.get(POSTINGS.VERSION),
                row.get(POSTINGS.COUNTERPARTY),
                row.get(REFERENCE),
                row.get(MEMO),
                metadata == null ? null : metadata.data());
    }
}
