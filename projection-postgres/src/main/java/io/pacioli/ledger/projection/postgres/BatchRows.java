package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Bucket;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The statements that bring a batch's rows into the tables: one {@code COPY} a table that is appended to, one statement with
 * arrays a table that is updated, however many rows there are.
 *
 * <p>Plain SQL instead of jOOQ, which has neither.
 */
final class BatchRows {
    private static final String COPY_ENTRIES = """
            COPY ledger.entries (sequence, at, shard, is_outcome, type, kind, command_id, cause, hash, data)
            FROM STDIN (FORMAT binary)""";
    private static final String COPY_POSTINGS = """
            COPY ledger.postings (at, version, sequence, shard, bucket, account, asset, counterparty, amount, balance)
            FROM STDIN (FORMAT binary)""";
    private static final String COPY_REJECTIONS = """
            COPY ledger.rejections
                (at, sequence, shard, code, command_id, command_type, account, field, limit_value, value, message)
            FROM STDIN (FORMAT binary)""";

    /** The bucket's column stands for {@code {bucket}}; the other buckets keep what they have. */
    private static final String BALANCES = """
            INSERT INTO ledger.balances AS b (account, asset, shard, {bucket}, version)
            SELECT * FROM unnest(?::text[], ?::text[], ?::integer[], ?::numeric[], ?::bigint[])
            ON CONFLICT (account, asset, shard)
            DO UPDATE SET {bucket} = EXCLUDED.{bucket}, version = greatest(b.version, EXCLUDED.version)""";

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

    /** Sends all rows of a batch on the connection's transaction. */
    static void write(HistoryBatch batch, Connection connection) throws SQLException {
        batch.entries().copyInto(connection, COPY_ENTRIES);
        batch.postings().copyInto(connection, COPY_POSTINGS);
        batch.rejections().copyInto(connection, COPY_REJECTIONS);
        for (Map.Entry<Bucket, Map<HistoryBatch.HoldingKey, HistoryBatch.Balance>> bucket :
                batch.balances().entrySet()) {
            balances(bucket.getKey(), bucket.getValue(), connection);
        }
        if (!batch.accounts().isEmpty()) {
            accounts(List.copyOf(batch.accounts().entrySet()), connection);
        }
        if (!batch.assets().isEmpty()) {
            assets(batch.assets(), connection);
        }
    }

    private static void balances(
            Bucket bucket, Map<HistoryBatch.HoldingKey, HistoryBatch.Balance> balances, Connection connection)
            throws SQLException {
        List<Map.Entry<HistoryBatch.HoldingKey, HistoryBatch.Balance>> rows =
                balances.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
        new ArrayStatement(connection, BALANCES.replace("{bucket}", bucket.wireName()))
                .with("text", rows, row -> row.getKey().account())
                .with("text", rows, row -> row.getKey().asset())
                .with("integer", rows, row -> row.getKey().shard())
                .with("numeric", rows, row -> row.getValue().balance())
                .with("bigint", rows, row -> row.getValue().version())
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
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < columns.size(); i++) {
                    statement.setArray(i + 1, columns.get(i));
                }
                statement.executeUpdate();
            }
        }
    }
}
