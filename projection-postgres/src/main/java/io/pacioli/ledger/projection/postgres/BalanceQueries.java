package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ACCOUNTS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ASSETS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.BALANCES;
import static org.jooq.impl.DSL.condition;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.sql;
import static org.jooq.impl.DSL.val;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Positions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jspecify.annotations.Nullable;

/** Balances as of a time or a place in the journal. Thread safe. */
final class BalanceQueries {
    private static final Field<Boolean> IS_LAST = field("is_last", Boolean.class);
    private static final Field<Boolean> MATCHES = field("matches", Boolean.class);
    private static final List<Field<?>> COLUMNS = List.of(
            BALANCES.ACCOUNT,
            BALANCES.ASSET,
            BALANCES.SHARD,
            BALANCES.AVAILABLE,
            BALANCES.HELD,
            BALANCES.LOCKED,
            BALANCES.STAKED,
            MATCHES,
            IS_LAST);

    /**
     * What the holdings 0 were before the boundary, which is 2 and 3 and at 1 or later: for each bucket of one that has changed since
     * a probe of an index for the first posting that comes after it.
     */
    private static final String BEFORE_BOUNDARY = """
            SELECT h.account, h.asset, h.shard, coalesce(p.available, h.available) AS available, coalesce(p.held, h.held) AS held,
                   coalesce(p.locked, h.locked) AS locked, coalesce(p.staked, h.staked) AS staked, h.matches, h.is_last
            FROM ({0}) AS h
            CROSS JOIN LATERAL (
                SELECT max(before) FILTER (WHERE bucket = 'available') AS available,
                       max(before) FILTER (WHERE bucket = 'held') AS held,
                       max(before) FILTER (WHERE bucket = 'locked') AS locked,
                       max(before) FILTER (WHERE bucket = 'staked') AS staked
                FROM unnest(enum_range(NULL::ledger.bucket)) AS every (bucket)
                CROSS JOIN LATERAL (
                    SELECT balance - amount AS before FROM ledger.postings
                    WHERE account = h.account AND asset = h.asset AND bucket = every.bucket AND shard = h.shard
                      AND at >= {1} AND at >= {2} AND at <= h.at AND sequence > {3}
                    ORDER BY at, shard, version LIMIT 1
                ) AS first
                WHERE h.matches AND h.at >= {2}
            ) AS p
            ORDER BY h.account, h.asset, h.shard""";

    /** The holdings that the condition 0 is true for. */
    private static final String HOLDINGS = """
            SELECT account, asset, shard, available, held, locked, staked, at, true AS matches, false AS is_last
            FROM ledger.balances WHERE {0}""";

    /**
     * Holdings that the condition 0 is true for in their order, at most 1 of them: those whose accounts there were by the time 2, and the
     * last one read; as many as 3.
     */
    private static final String PAGE = """
            SELECT q.account, q.asset, q.shard, available, held, locked, staked, q.at, since <= {2} AS matches, is_last
            FROM (
                SELECT r.*, row_number() OVER (ORDER BY account, asset, shard) = {1} AS is_last
                FROM (SELECT * FROM ledger.balances WHERE {0} ORDER BY account, asset, shard LIMIT {1}) AS r
            ) AS q
            CROSS JOIN LATERAL (
                SELECT since FROM ledger.accounts WHERE account = q.account AND shard = q.shard LIMIT 1
            ) AS a
            WHERE since <= {2} OR is_last
            ORDER BY q.account, q.asset, q.shard
            LIMIT {3}""";

    /** The ledger's own accounts start with @, and come before those that start with A. */
    private static final List<Range> CLIENTS = List.of(new Range("", "@"), new Range("A", null));

    private static final List<Range> ALL = List.of(new Range("", null));

    private final Snapshots snapshots;
    private final Shards shards;

    /** Accounts from one name to before another. */
    private record Range(String from, @Nullable String to) {}

    /** What an account has, or had, of an asset on a shard. */
    record Held(String account, int shard, Holding holding) {}

    BalanceQueries(Snapshots snapshots, Shards shards) {
        this.snapshots = snapshots;
        this.shards = shards;
    }

    /**
     * A page of what an account had, by asset and shard; null when there is no such account.
     *
     * @param cursor where the page before ended; null for the first
     * @param limit most holdings of the page, at least 1
     */
    Found<Balances.OfAccount> ofAccount(String account, AsOf at, Cursor.@Nullable InHoldings cursor, int limit) {
        return snapshots.read(snapshot -> {
            List<Integer> concerned = shards.of(account);
            if (!snapshot.sql().fetchExists(ACCOUNTS, ACCOUNTS.ACCOUNT.eq(account))) {
                return new Found<>(null, snapshot.positions(concerned));
            }
            Boundary boundary = Boundary.of(at, snapshot, concerned);
            Condition ofAccount = condition("account = {0}", val(account)).and(after(cursor));
            Page<Held> page = Page.read(
                    limit,
                    rowsMax ->
                            page(snapshot.sql(), ofAccount, boundary, rowsMax).fetch(BalanceQueries::line));
            List<Position> asOf = snapshot.positions(withIssuers(concerned, page.items()));
            return new Found<>(
                    new Balances.OfAccount(
                            account,
                            at.toString(),
                            Positions.text(asOf),
                            told(snapshot.sql(), page.items()),
                            page.nextCursor()),
                    asOf);
        });
    }

    /** The definitions of assets, which are told too, come from their issuers' shards. */
    private List<Integer> withIssuers(List<Integer> concerned, List<Held> held) {
        return Stream.concat(
                        concerned.stream(),
                        held.stream()
                                .map(one -> shards.router()
                                        .shardOf(AccountId.issuer(one.holding().asset()))))
                .distinct()
                .sorted()
                .toList();
    }

    /** What the holdings that a condition is true for were before a boundary, empty ones included. */
    static List<Held> held(DSLContext sql, Condition condition, Boundary boundary) {
        return holdings(sql, condition, boundary).fetch(BalanceQueries::held);
    }

    static ResultQuery<? extends Record> holdings(DSLContext sql, Condition condition, Boundary boundary) {
        return read(sql, sql(HOLDINGS, condition), boundary);
    }

    /**
     * A page of what all accounts had, by account, asset and shard.
     *
     * @param asset null for all
     * @param withSystem whether issuers and clearing accounts are told too
     * @param cursor where the page before ended; null for the first
     * @param limit most holdings of the page, at least 1
     */
    Found<Balances.OfAll> ofAll(
            AsOf at, @Nullable String asset, boolean withSystem, Cursor.@Nullable InHoldings cursor, int limit) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(shards.all());
            if (asset != null && !snapshot.sql().fetchExists(ASSETS, ASSETS.ASSET.eq(asset))) {
                return new Found<>(null, asOf);
            }
            Boundary boundary = Boundary.of(at, snapshot, shards.all());
            List<Page.Reader<Held>> ranges = new ArrayList<>();
            for (Range range : withSystem ? ALL : CLIENTS) {
                ranges.add(rowsMax -> page(snapshot.sql(), within(range, asset, cursor), boundary, rowsMax)
                        .fetch(BalanceQueries::line));
            }
            Page<Held> page = Page.read(limit, ranges);
            return new Found<>(
                    new Balances.OfAll(
                            at.toString(), Positions.text(asOf), told(snapshot.sql(), page.items()), page.nextCursor()),
                    asOf);
        });
    }

    private static Condition within(Range range, @Nullable String asset, Cursor.@Nullable InHoldings cursor) {
        Condition condition = condition("account >= {0}", val(range.from()))
                .and(range.to() == null ? noCondition() : condition("account < {0}", val(range.to())))
                .and(asset == null ? noCondition() : condition("asset = {0}", val(asset)));
        return condition.and(after(cursor));
    }

    private static Condition after(Cursor.@Nullable InHoldings cursor) {
        return cursor == null
                ? noCondition()
                : condition(
                        "(account, asset, shard) > ({0}, {1}, {2})",
                        val(cursor.account()), val(cursor.asset()), val(cursor.shard()));
    }

    static ResultQuery<? extends Record> page(DSLContext sql, Condition condition, Boundary boundary, int rowsMax) {
        QueryPart holdings = sql(PAGE, condition, val(Page.READ_MAX), boundary.time("q.shard"), val(rowsMax));
        return read(sql, holdings, boundary);
    }

    private static ResultQuery<? extends Record> read(DSLContext sql, QueryPart holdings, Boundary boundary) {
        return sql.resultQuery(
                        BEFORE_BOUNDARY,
                        holdings,
                        val(boundary.earliest()),
                        boundary.time("h.shard"),
                        boundary.sequence("h.shard"))
                .coerce(COLUMNS);
    }

    private static Held held(Record row) {
        return new Held(
                row.get(BALANCES.ACCOUNT),
                row.get(BALANCES.SHARD),
                new Holding(
                        row.get(BALANCES.ASSET),
                        row.get(BALANCES.AVAILABLE),
                        row.get(BALANCES.HELD),
                        row.get(BALANCES.LOCKED),
                        row.get(BALANCES.STAKED)));
    }

    private static Page.Line<Held> line(Record row) {
        Held held = held(row);
        Cursor cursor = new Cursor.InHoldings(held.account(), held.holding().asset(), held.shard());
        boolean isTold = row.get(MATCHES) && !held.holding().isEmpty();
        return new Page.Line<>(isTold ? held : null, cursor.toString(), row.get(IS_LAST));
    }

    /** In the form of answers; what was empty is left out. */
    private static List<Balances.OfAsset> told(DSLContext sql, List<Held> held) {
        Set<String> assets = held.stream().map(one -> one.holding().asset()).collect(Collectors.toSet());
        Map<String, Integer> decimals = sql.select(ASSETS.ASSET, ASSETS.DECIMALS)
                .from(ASSETS)
                .where(ASSETS.ASSET.in(assets))
                .fetchMap(row -> row.value1(), row -> row.value2().intValue());
        return held.stream()
                .filter(one -> !one.holding().isEmpty())
                .map(one -> Balances.OfAsset.of(one, decimals.get(one.holding().asset())))
                .toList();
    }
}
