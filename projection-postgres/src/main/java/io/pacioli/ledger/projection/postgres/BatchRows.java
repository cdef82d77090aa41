package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Activity;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.projection.postgres.schema.enums.Grain;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The statements that bring a batch's rows into the tables: one {@code COPY} a table that is appended to and month, one statement
 * with arrays a table that is updated, however many rows there are.
 *
 * <p>Plain SQL instead of jOOQ, which has neither.
 */
final class BatchRows {
    /**
     * Buckets that did not change keep what they have. Answers in which hours and days it found holdings changed already, and how
     * many of them: time does not go back in a shard, so only the first period of each in the batch can be one.
     */
    private static final String HOLDINGS = """
            WITH changed AS (
                MERGE INTO ledger.balances AS b
                USING unnest(?::text[], ?::text[], ?::integer[], ?::numeric[], ?::numeric[], ?::numeric[], ?::numeric[],
                             ?::bigint[], ?::timestamptz[], ?::timestamptz[], ?::timestamptz[])
                    AS t (account, asset, shard, available, held, locked, staked, version, at, hour, day)
                ON b.account = t.account AND b.asset = t.asset AND b.shard = t.shard
                WHEN MATCHED THEN UPDATE SET
                    available = coalesce(t.available, b.available), held = coalesce(t.held, b.held),
                    locked = coalesce(t.locked, b.locked), staked = coalesce(t.staked, b.staked),
                    version = t.version, at = t.at
                WHEN NOT MATCHED THEN
                    INSERT (account, asset, shard, available, held, locked, staked, version, at)
                    VALUES (t.account, t.asset, t.shard, coalesce(t.available, 0), coalesce(t.held, 0),
                            coalesce(t.locked, 0), coalesce(t.staked, 0), t.version, t.at)
                RETURNING t.asset, t.shard, t.hour, t.day, old.at AS before)
            SELECT asset, shard, hour, day, count(*) FILTER (WHERE before >= hour), count(*) FILTER (WHERE before >= day)
            FROM changed
            WHERE before >= day
            GROUP BY asset, shard, hour, day""";

    private static final String ACTIVITY = """
            INSERT INTO ledger.activity AS a
                (asset, grain, starts, shard, transfers, volume, minted, burned, returned, active_accounts)
            SELECT asset, grain::ledger.grain, starts, shard, transfers, volume, minted, burned, returned, active_accounts
            FROM unnest(?::text[], ?::text[], ?::timestamptz[], ?::integer[], ?::bigint[], ?::numeric[], ?::numeric[],
                        ?::numeric[], ?::numeric[], ?::bigint[])
                AS t (asset, grain, starts, shard, transfers, volume, minted, burned, returned, active_accounts)
            ON CONFLICT (asset, grain, starts, shard)
            DO UPDATE SET transfers = a.transfers + EXCLUDED.transfers, volume = a.volume + EXCLUDED.volume,
                          minted = a.minted + EXCLUDED.minted, burned = a.burned + EXCLUDED.burned,
                          returned = a.returned + EXCLUDED.returned,
                          active_accounts = a.active_accounts + EXCLUDED.active_accounts""";

    private static final String REJECTION_COUNTS = """
            INSERT INTO ledger.rejection_counts AS r (code, grain, starts, shard, rejections)
            SELECT code, grain::ledger.grain, starts, shard, rejections
            FROM unnest(?::text[], ?::text[], ?::timestamptz[], ?::integer[], ?::bigint[])
                AS t (code, grain, starts, shard, rejections)
            ON CONFLICT (code, grain, starts, shard) DO UPDATE SET rejections = r.rejections + EXCLUDED.rejections""";

    /** What a batch does not tell of an account is taken from the row that is there, which no other writer changes meanwhile. */
    private static final String ACCOUNTS = """
            INSERT INTO ledger.accounts AS a
                (account, shard, since, opened_at, status, limits, max_balances, metadata)
            SELECT account, shard, t.since, t.opened_at,
                   CASE WHEN t.status IS NOT NULL THEN t.status::ledger.account_status
                        WHEN t.opened_at IS NOT NULL AND stored.status = 'closed' THEN 'open'
                        ELSE coalesce(stored.status, 'open') END,
                   t.data -> 'limits', t.data -> 'maxBalances', t.data -> 'metadata'
            FROM unnest(?::text[], ?::integer[], ?::timestamptz[], ?::timestamptz[], ?::text[], ?::jsonb[])
                AS t (account, shard, since, opened_at, status, data)
            LEFT JOIN ledger.accounts AS stored USING (account, shard)
            ON CONFLICT (account, shard)
            DO UPDATE SET status = EXCLUDED.status,
                          opened_at = coalesce(EXCLUDED.opened_at, a.opened_at),
                          limits = CASE WHEN EXCLUDED.opened_at IS NULL THEN a.limits ELSE EXCLUDED.limits END,
                          max_balances = CASE WHEN EXCLUDED.opened_at IS NULL
                                              THEN a.max_balances ELSE EXCLUDED.max_balances END,
                          metadata = CASE WHEN EXCLUDED.opened_at IS NULL THEN a.metadata ELSE EXCLUDED.metadata END
            WHERE EXCLUDED.opened_at IS NOT NULL OR EXCLUDED.status <> a.status""";

    private static final String ASSETS = """
            INSERT INTO ledger.assets
                (asset, name, symbol, emoji, decimals, max_supply, shard, sequence, defined_at, metadata)
            SELECT asset, name, symbol, emoji, decimals, max_supply, shard, sequence, defined_at, data -> 'metadata'
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::smallint[], ?::numeric[], ?::integer[],
                        ?::bigint[], ?::timestamptz[], ?::jsonb[])
                AS t (asset, name, symbol, emoji, decimals, max_supply, shard, sequence, defined_at, data)""";

    private BatchRows() {}

    /**
     * Sends all rows of a batch on the connection's transaction.
     *
     * @param first the first month whose entries are kept; null to keep all
     */
    static void write(HistoryBatch batch, @Nullable YearMonth first, Connection connection) throws SQLException {
        SortedMap<YearMonth, MonthRows> months = batch.months();
        for (MonthRows rows : (first == null ? months : months.tailMap(first)).values()) {
            rows.copyInto(connection);
        }
        Map<Rollups.ActivityKey, Activity> activity =
                new HashMap<>(batch.rollups().activity());
        if (!batch.holdings().isEmpty()) {
            holdings(inOrder(batch.holdings()), connection)
                    .forEach((key, counted) -> activity.merge(key, Activity.active(-counted), Activity::plus));
        }
        if (!activity.isEmpty()) {
            activity(List.copyOf(activity.entrySet()), connection);
        }
        if (!batch.rollups().rejections().isEmpty()) {
            rejectionCounts(List.copyOf(batch.rollups().rejections().entrySet()), connection);
        }
        if (!batch.accounts().isEmpty()) {
            accounts(List.copyOf(batch.accounts().entrySet()), connection);
        }
        if (!batch.assets().isEmpty()) {
            assets(batch.assets(), connection);
        }
    }

    /**
     * Sends the rows of a batch but its rollups, on the connection's transaction, where there are none of them.
     *
     * @param first the first month whose entries are kept; null to keep all
     */
    static void writeAgain(HistoryBatch batch, @Nullable YearMonth first, Connection connection) throws SQLException {
        SortedMap<YearMonth, MonthRows> months = batch.months();
        for (MonthRows rows : (first == null ? months : months.tailMap(first)).values()) {
            rows.copyInto(connection);
        }
        if (!batch.holdings().isEmpty()) {
            holdings(inOrder(batch.holdings()), connection);
        }
        if (!batch.accounts().isEmpty()) {
            accounts(List.copyOf(batch.accounts().entrySet()), connection);
        }
    }

    /** Updates walk along the index. */
    private static List<Map.Entry<HistoryBatch.HoldingKey, HoldingChange>> inOrder(
            Map<HistoryBatch.HoldingKey, HoldingChange> holdings) {
        return holdings.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    }

    /** Returns how many clients' accounts had been counted as active before, in the periods in which there were any. */
    private static Map<Rollups.ActivityKey, Long> holdings(
            List<Map.Entry<HistoryBatch.HoldingKey, HoldingChange>> rows, Connection connection) throws SQLException {
        Map<Rollups.ActivityKey, Long> counted = new HashMap<>();
        Map<Long, String> starts = new HashMap<>();
        new ArrayStatement(connection, HOLDINGS)
                .with("text", rows, row -> row.getKey().account())
                .with("text", rows, row -> row.getKey().asset())
                .with("integer", rows, row -> row.getKey().shard())
                .with("numeric", rows, row -> row.getValue().balance(Bucket.AVAILABLE))
                .with("numeric", rows, row -> row.getValue().balance(Bucket.HELD))
                .with("numeric", rows, row -> row.getValue().balance(Bucket.LOCKED))
                .with("numeric", rows, row -> row.getValue().balance(Bucket.STAKED))
                .with("bigint", rows, row -> row.getValue().version())
                .with("timestamptz", rows, row -> timestamp(row.getValue().lastMillis()))
                .with("timestamptz", rows, row -> firstPeriod(row, Grain.hour, starts))
                .with("timestamptz", rows, row -> firstPeriod(row, Grain.day, starts))
                .query(row -> {
                    String asset = row.getString(1);
                    int shard = row.getInt(2);
                    counted.merge(
                            new Rollups.ActivityKey(asset, period(row, 3, Grain.hour), shard),
                            row.getLong(5),
                            Long::sum);
                    counted.merge(
                            new Rollups.ActivityKey(asset, period(row, 4, Grain.day), shard),
                            row.getLong(6),
                            Long::sum);
                });
        return counted;
    }

    /**
     * When the first period that counts the holding's account as active starts; null when the account is none of a client.
     *
     * @param starts texts that have been made: most rows share a few
     */
    private static @Nullable String firstPeriod(
            Map.Entry<HistoryBatch.HoldingKey, HoldingChange> row, Grain grain, Map<Long, String> starts) {
        if (!row.getKey().isClients()) {
            return null;
        }
        Period period = Period.of(grain, row.getValue().firstMillis());
        return starts.computeIfAbsent(period.startMillis(), BatchRows::timestamp);
    }

    private static Period period(ResultSet row, int column, Grain grain) throws SQLException {
        return new Period(
                grain, row.getObject(column, OffsetDateTime.class).toInstant().toEpochMilli());
    }

    private static void activity(List<Map.Entry<Rollups.ActivityKey, Activity>> rows, Connection connection)
            throws SQLException {
        new ArrayStatement(connection, ACTIVITY)
                .with("text", rows, row -> row.getKey().asset())
                .with("text", rows, row -> row.getKey().period().grain().getLiteral())
                .with(
                        "timestamptz",
                        rows,
                        row -> timestamp(row.getKey().period().startMillis()))
                .with("integer", rows, row -> row.getKey().shard())
                .with("bigint", rows, row -> row.getValue().transfers())
                .with("numeric", rows, row -> row.getValue().volume())
                .with("numeric", rows, row -> row.getValue().minted())
                .with("numeric", rows, row -> row.getValue().burned())
                .with("numeric", rows, row -> row.getValue().returned())
                .with("bigint", rows, row -> row.getValue().activeAccounts())
                .execute();
    }

    private static void rejectionCounts(List<Map.Entry<Rollups.RejectionKey, Long>> rows, Connection connection)
            throws SQLException {
        new ArrayStatement(connection, REJECTION_COUNTS)
                .with("text", rows, row -> row.getKey().code())
                .with("text", rows, row -> row.getKey().period().grain().getLiteral())
                .with(
                        "timestamptz",
                        rows,
                        row -> timestamp(row.getKey().period().startMillis()))
                .with("integer", rows, row -> row.getKey().shard())
                .with("bigint", rows, Map.Entry::getValue)
                .execute();
    }

    private static void accounts(
            List<Map.Entry<HistoryBatch.AccountKey, HistoryBatch.AccountRow>> rows, Connection connection)
            throws SQLException {
        new ArrayStatement(connection, ACCOUNTS)
                .with("text", rows, row -> row.getKey().account())
                .with("integer", rows, row -> row.getKey().shard())
                .with("timestamptz", rows, row -> timestamp(row.getValue().sinceMillis()))
                .with("timestamptz", rows, row -> {
                    HistoryBatch.Opening opened = row.getValue().opened();
                    return opened == null ? null : timestamp(opened.atMillis());
                })
                .with("text", rows, row -> {
                    AccountStatus status = row.getValue().status();
                    return status == null ? null : status.name().toLowerCase(Locale.ROOT);
                })
                .with("jsonb", rows, row -> {
                    HistoryBatch.Opening opened = row.getValue().opened();
                    return opened == null ? null : opened.data();
                })
                .execute();
    }

    private static void assets(List<HistoryBatch.AssetRow> rows, Connection connection) throws SQLException {
        new ArrayStatement(connection, ASSETS)
                .with("text", rows, row -> row.asset().code())
                .with("text", rows, row -> row.asset().name())
                .with("text", rows, row -> row.asset().symbol())
                .with("text", rows, row -> row.asset().emoji())
                .with("smallint", rows, row -> row.asset().decimals())
                .with("numeric", rows, row -> maxSupply(row))
                .with("integer", rows, HistoryBatch.AssetRow::shard)
                .with("bigint", rows, HistoryBatch.AssetRow::sequence)
                .with("timestamptz", rows, row -> timestamp(row.atMillis()))
                .with("jsonb", rows, HistoryBatch.AssetRow::data)
                .execute();
    }

    private static @Nullable BigInteger maxSupply(HistoryBatch.AssetRow row) {
        return row.asset().maxSupply() == null ? null : row.asset().maxSupply().minorUnits();
    }

    private static String timestamp(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** A statement whose parameters are arrays, each a column of all rows. */
    private static final class ArrayStatement {
        private final Connection connection;
        private final String sql;
        private final List<Array> columns = new ArrayList<>();

        ArrayStatement(Connection connection, String sql) {
            this.connection = connection;
            this.sql = sql;
        }

        <T> ArrayStatement with(String type, List<T> rows, Function<T, @Nullable Object> value) throws SQLException {
            columns.add(connection.createArrayOf(type, rows.stream().map(value).toArray()));
            return this;
        }

        void execute() throws SQLException {
            try (PreparedStatement statement = prepared()) {
                statement.executeUpdate();
            }
        }

        void query(RowReader reader) throws SQLException {
            try (PreparedStatement statement = prepared();
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    reader.read(rows);
                }
            }
        }

        private PreparedStatement prepared() throws SQLException {
            PreparedStatement statement = connection.prepareStatement(sql);
            for (int i = 0; i < columns.size(); i++) {
                statement.setArray(i + 1, columns.get(i));
            }
            return statement;
        }
    }

    private interface RowReader {
        void read(ResultSet row) throws SQLException;
    }
}
