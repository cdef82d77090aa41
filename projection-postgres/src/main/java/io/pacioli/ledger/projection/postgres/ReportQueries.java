package io.pacioli.ledger.projection.postgres;

import static io.pacioli.ledger.projection.postgres.schema.Tables.ACTIVITY;
import static io.pacioli.ledger.projection.postgres.schema.Tables.ASSETS;
import static io.pacioli.ledger.projection.postgres.schema.Tables.BALANCES;
import static io.pacioli.ledger.projection.postgres.schema.Tables.REJECTION_COUNTS;
import static org.jooq.impl.DSL.concat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.inline;
import static org.jooq.impl.DSL.sql;
import static org.jooq.impl.DSL.sum;
import static org.jooq.impl.DSL.val;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import io.pacioli.ledger.service.Positions;
import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** Figures over all accounts and over time. Thread safe. */
final class ReportQueries {
    /** It looks at every holding there is, and takes time accordingly. */
    private static final int TRIAL_BALANCE_MILLIS_MAX = 60_000;

    private static final Field<Long> ACCOUNTS = field("accounts", Long.class);
    private static final Field<BigInteger> ISSUER = field("issuer", BigInteger.class);
    private static final Field<BigInteger> CLEARING = field("clearing", BigInteger.class);
    private static final Field<BigInteger> SUM = field("sum", BigInteger.class);
    private static final Field<BigInteger> BEFORE = field("before", BigInteger.class);
    private static final Field<OffsetDateTime> ENDS = field("ends", OffsetDateTime.class);
    private static final List<Field<?>> TRIAL_COLUMNS = List.of(
            BALANCES.ASSET,
            ASSETS.DECIMALS,
            ACCOUNTS,
            BALANCES.AVAILABLE,
            BALANCES.HELD,
            BALANCES.LOCKED,
            BALANCES.STAKED,
            ISSUER,
            CLEARING,
            SUM);

    /** Sums over the holdings 0; a client's account has one of an asset, because it is on one shard. */
    private static final String TRIAL_BALANCE = """
            SELECT t.asset, a.decimals, t.accounts, t.available, t.held, t.locked, t.staked, t.issuer, t.clearing, t.sum
            FROM (
                SELECT asset,
                       count(*) FILTER (WHERE client AND (available, held, locked, staked) <> (0, 0, 0, 0)) AS accounts,
                       coalesce(sum(available) FILTER (WHERE client), 0) AS available,
                       coalesce(sum(held) FILTER (WHERE client), 0) AS held,
                       coalesce(sum(locked) FILTER (WHERE client), 0) AS locked,
                       coalesce(sum(staked) FILTER (WHERE client), 0) AS staked,
                       coalesce(sum(available + held + locked + staked) FILTER (WHERE NOT client AND NOT clearing), 0) AS issuer,
                       coalesce(sum(available + held + locked + staked) FILTER (WHERE clearing), 0) AS clearing,
                       sum(available + held + locked + staked) AS sum
                FROM ({0}) AS h
                CROSS JOIN LATERAL (
                    SELECT account NOT LIKE '@%' AS client, account LIKE '@clearing/%' AS clearing
                ) AS what
                GROUP BY asset
            ) AS t
            LEFT JOIN ledger.assets AS a USING (asset)
            ORDER BY t.asset""";

    private static final String NOW = "SELECT account, asset, available, held, locked, staked FROM ledger.balances";

    /**
     * What the holdings are now, less what came after the boundary, which is 1 and 2 and at 0 or later. Reads all that came after:
     * a probe for each bucket of each holding would take longer.
     */
    private static final String THEN = """
            SELECT b.account, b.asset, b.available - coalesce(m.available, 0) AS available, b.held - coalesce(m.held, 0) AS held,
                   b.locked - coalesce(m.locked, 0) AS locked, b.staked - coalesce(m.staked, 0) AS staked
            FROM ledger.balances AS b
            LEFT JOIN (
                SELECT account, asset, shard,
                       sum(amount) FILTER (WHERE bucket = 'available') AS available,
                       sum(amount) FILTER (WHERE bucket = 'held') AS held,
                       sum(amount) FILTER (WHERE bucket = 'locked') AS locked,
                       sum(amount) FILTER (WHERE bucket = 'staked') AS staked
                FROM ledger.postings AS p
                WHERE at >= {0} AND at >= {1} AND sequence > {2}
                GROUP BY account, asset, shard
            ) AS m USING (account, asset, shard)""";

    /** What the issuer 0 of the asset 1 had at each of the times 2, of which 3 is the first. */
    private static final String SUPPLIES = """
            SELECT e.ends, coalesce(p.before, b.available) AS before
            FROM unnest({2}::timestamptz[]) AS e (ends)
            CROSS JOIN (SELECT available, at FROM ledger.balances WHERE account = {0} AND asset = {1}) AS b
            LEFT JOIN LATERAL (
                SELECT balance - amount AS before FROM ledger.postings
                WHERE e.ends <= b.at AND account = {0} AND asset = {1} AND bucket = 'available'
                  AND at >= {3} AND at >= e.ends AND at <= b.at
                ORDER BY at, shard, version LIMIT 1
            ) AS p ON true""";

    private final Snapshots snapshots;
    private final Shards shards;

    ReportQueries(Snapshots snapshots, Shards shards) {
        this.snapshots = snapshots;
        this.shards = shards;
    }

    /**
     * A page of all assets.
     *
     * @param after the code of the last one of the page before; empty for the first page
     * @param limit most of the page, at least 1
     */
    Found<Reports.Assets> assets(String after, int limit) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(shards.all());
            List<Reports.AssetSupply> assets =
                    supplies(snapshot.sql(), after, limit + 1).fetch(ReportQueries::assetSupply);
            List<Reports.AssetSupply> page = assets.subList(0, Math.min(limit, assets.size()));
            String next = assets.size() > limit ? page.getLast().asset() : null;
            return new Found<>(new Reports.Assets(Positions.text(asOf), page, next), asOf);
        });
    }

    static ResultQuery<? extends Record> supplies(DSLContext sql, String after, int rows) {
        return sql.select(ASSETS.fields())
                .select(BALANCES.AVAILABLE)
                .from(ASSETS)
                .leftJoin(BALANCES)
                .on(BALANCES.ACCOUNT.eq(concat(inline("@"), ASSETS.ASSET)))
                .and(BALANCES.ASSET.eq(ASSETS.ASSET))
                .and(BALANCES.SHARD.eq(ASSETS.SHARD))
                .where(ASSETS.ASSET.gt(after))
                .orderBy(ASSETS.ASSET)
                .limit(rows);
    }

    private static Reports.AssetSupply assetSupply(Record row) {
        BigInteger issuer = row.get(BALANCES.AVAILABLE);
        return new Reports.AssetSupply(
                row.get(ASSETS.ASSET),
                row.get(ASSETS.NAME),
                row.get(ASSETS.SYMBOL),
                row.get(ASSETS.EMOJI),
                row.get(ASSETS.DECIMALS),
                row.get(ASSETS.MAX_SUPPLY),
                issuer == null ? BigInteger.ZERO : issuer.negate());
    }

    /**
     * What all accounts have, or had, together.
     *
     * @param at null for now
     */
    Found<Reports.TrialBalance> trialBalance(@Nullable AsOf at) {
        return snapshots.read(snapshot -> {
            Snapshots.allowAnyPlan(snapshot, TRIAL_BALANCE_MILLIS_MAX);
            List<Position> asOf = snapshot.positions(shards.all());
            QueryPart holdings = at == null ? sql(NOW) : then(Boundary.of(at, snapshot, shards.all()));
            List<Reports.AssetBalance> assets =
                    trialBalance(snapshot.sql(), holdings).fetch(ReportQueries::assetBalance);
            return new Found<>(
                    new Reports.TrialBalance(at == null ? null : at.toString(), Positions.text(asOf), assets), asOf);
        });
    }

    static ResultQuery<? extends Record> trialBalance(DSLContext sql, QueryPart holdings) {
        return sql.resultQuery(TRIAL_BALANCE, holdings).coerce(TRIAL_COLUMNS);
    }

    private static QueryPart then(Boundary boundary) {
        return sql(THEN, val(boundary.earliest()), boundary.time("p.shard"), boundary.sequence("p.shard"));
    }

    private static Reports.AssetBalance assetBalance(Record row) {
        Short decimals = row.get(ASSETS.DECIMALS);
        Holding clients = new Holding(
                row.get(BALANCES.ASSET),
                row.get(BALANCES.AVAILABLE),
                row.get(BALANCES.HELD),
                row.get(BALANCES.LOCKED),
                row.get(BALANCES.STAKED));
        return new Reports.AssetBalance(
                clients.asset(),
                decimals == null ? null : decimals.intValue(),
                row.get(ACCOUNTS),
                Statement.Amounts.of(clients),
                row.get(ISSUER),
                row.get(CLEARING),
                row.get(SUM));
    }

    /** What happened with an asset; null when there is none of that code. */
    Found<Reports.AssetActivity> activity(String asset, Grain grain, Asked asked) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(shards.all());
            Short decimals = snapshot.sql()
                    .select(ASSETS.DECIMALS)
                    .from(ASSETS)
                    .where(ASSETS.ASSET.eq(asset))
                    .fetchOne(ASSETS.DECIMALS);
            if (decimals == null) {
                return new Found<>(null, asOf);
            }
            Periods periods = Periods.of(grain, asked, snapshot.end());
            Map<Instant, ? extends Record> figures = figures(snapshot.sql(), asset, periods)
                    .fetchMap(row -> row.get(ACTIVITY.STARTS).toInstant());
            Map<Instant, BigInteger> issued = issued(snapshot, asset, periods);
            List<Reports.AssetPeriod> told = periods.starts().stream()
                    .map(starts -> period(starts, figures.get(starts), issued.get(periods.end(starts))))
                    .toList();
            return new Found<>(
                    new Reports.AssetActivity(
                            asset,
                            decimals,
                            grain.getLiteral(),
                            periods.from(),
                            periods.to(),
                            Positions.text(asOf),
                            told),
                    asOf);
        });
    }

    static ResultQuery<? extends Record> figures(DSLContext sql, String asset, Periods periods) {
        return sql.select(
                        ACTIVITY.STARTS,
                        sum(ACTIVITY.MINTED).cast(SQLDataType.DECIMAL_INTEGER).as(ACTIVITY.MINTED),
                        sum(ACTIVITY.BURNED).cast(SQLDataType.DECIMAL_INTEGER).as(ACTIVITY.BURNED),
                        sum(ACTIVITY.VOLUME).cast(SQLDataType.DECIMAL_INTEGER).as(ACTIVITY.VOLUME),
                        sum(ACTIVITY.RETURNED).cast(SQLDataType.DECIMAL_INTEGER).as(ACTIVITY.RETURNED),
                        sum(ACTIVITY.TRANSFERS).cast(SQLDataType.BIGINT).as(ACTIVITY.TRANSFERS),
                        sum(ACTIVITY.ACTIVE_ACCOUNTS).cast(SQLDataType.BIGINT).as(ACTIVITY.ACTIVE_ACCOUNTS))
                .from(ACTIVITY)
                .where(ACTIVITY.ASSET.eq(asset))
                .and(ACTIVITY.GRAIN.eq(periods.grain()))
                .and(ACTIVITY.STARTS.ge(time(periods.from())))
                .and(ACTIVITY.STARTS.lt(time(periods.to())))
                .groupBy(ACTIVITY.STARTS);
    }

    /** What the issuer had at the end of each period that the store goes back to; nothing is there when it never had anything. */
    private static Map<Instant, BigInteger> issued(Snapshot snapshot, String asset, Periods periods) {
        Instant horizon = snapshot.horizon();
        List<Instant> ends = periods.starts().stream()
                .map(periods::end)
                .filter(end -> horizon == null || !end.isBefore(horizon))
                .toList();
        if (ends.isEmpty()) {
            return Map.of();
        }
        Map<Instant, BigInteger> issued = new HashMap<>();
        ends.forEach(end -> issued.put(end, BigInteger.ZERO));
        issued.putAll(supplies(snapshot.sql(), asset, ends)
                .fetchMap(row -> row.get(ENDS).toInstant(), row -> row.get(BEFORE)));
        return issued;
    }

    static ResultQuery<? extends Record> supplies(DSLContext sql, String asset, List<Instant> ends) {
        return sql.resultQuery(
                        SUPPLIES,
                        val(AccountId.issuer(asset)),
                        val(asset),
                        val(ends.stream().map(ReportQueries::time).toArray(OffsetDateTime[]::new)),
                        val(time(ends.getFirst())))
                .coerce(ENDS, BEFORE);
    }

    private static Reports.AssetPeriod period(Instant starts, @Nullable Record figures, @Nullable BigInteger issued) {
        BigInteger supply = issued == null ? null : issued.negate();
        return figures == null
                ? new Reports.AssetPeriod(
                        starts, supply, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, 0, 0)
                : new Reports.AssetPeriod(
                        starts,
                        supply,
                        figures.get(ACTIVITY.MINTED),
                        figures.get(ACTIVITY.BURNED),
                        figures.get(ACTIVITY.VOLUME),
                        figures.get(ACTIVITY.RETURNED),
                        figures.get(ACTIVITY.TRANSFERS),
                        figures.get(ACTIVITY.ACTIVE_ACCOUNTS));
    }

    /**
     * How many commands were rejected.
     *
     * @param code null for all
     */
    Found<Reports.RejectionCounts> rejections(Grain grain, @Nullable String code, Asked asked) {
        return snapshots.read(snapshot -> {
            List<Position> asOf = snapshot.positions(shards.all());
            Periods periods = Periods.of(grain, asked, snapshot.end());
            List<String> codes = code == null
                    ? Arrays.stream(Rejection.values()).map(Rejection::name).toList()
                    : List.of(code);
            Map<Instant, Map<String, Long>> counts = new HashMap<>();
            counts(snapshot.sql(), codes, periods)
                    .forEach(row -> counts.computeIfAbsent(
                                    row.get(REJECTION_COUNTS.STARTS).toInstant(), starts -> new TreeMap<>())
                            .put(row.get(REJECTION_COUNTS.CODE), row.get(REJECTION_COUNTS.REJECTIONS)));
            List<Reports.RejectionPeriod> told = periods.starts().stream()
                    .map(starts -> period(starts, counts.getOrDefault(starts, Map.of())))
                    .toList();
            return new Found<>(
                    new Reports.RejectionCounts(
                            grain.getLiteral(), periods.from(), periods.to(), Positions.text(asOf), told),
                    asOf);
        });
    }

    static ResultQuery<? extends Record> counts(DSLContext sql, List<String> codes, Periods periods) {
        return sql.select(
                        REJECTION_COUNTS.CODE,
                        REJECTION_COUNTS.STARTS,
                        sum(REJECTION_COUNTS.REJECTIONS)
                                .cast(SQLDataType.BIGINT)
                                .as(REJECTION_COUNTS.REJECTIONS))
                .from(REJECTION_COUNTS)
                .where(REJECTION_COUNTS.CODE.in(codes))
                .and(REJECTION_COUNTS.GRAIN.eq(periods.grain()))
                .and(REJECTION_COUNTS.STARTS.ge(time(periods.from())))
                .and(REJECTION_COUNTS.STARTS.lt(time(periods.to())))
                .groupBy(REJECTION_COUNTS.CODE, REJECTION_COUNTS.STARTS);
    }

    private static Reports.RejectionPeriod period(Instant starts, Map<String, Long> codes) {
        long rejections = codes.values().stream().mapToLong(Long::longValue).sum();
        return new Reports.RejectionPeriod(starts, rejections, codes);
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
