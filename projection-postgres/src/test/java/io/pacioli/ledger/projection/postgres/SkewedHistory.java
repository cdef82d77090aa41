package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Fills a store with a made-up history of any length, by SQL: two years in monthly partitions, in which one account has a quarter of
 * all postings, and an asset, a type, a kind, a counterparty, a member of metadata and a code of rejections hardly ever occur.
 *
 * <p>Its balances, versions and sequences follow from each other as a ledger's do; its hashes do not.
 */
final class SkewedHistory {
    static final int SHARDS = 6;
    static final String START = "2025-01-01Z";
    static final String END = "2027-01-01Z";
    static final String RARE_ASSET = "RARE";
    static final String RARE_TYPE = "HoldVoided";
    static final String RARE_KIND = "burn";
    static final String RARE_CODE = "ACCOUNT_CLOSED";
    static final EntryFilter.Member RARE_MEMBER = new EntryFilter.Member("channel", "rare");
    static final EntryFilter.Member COMMON_MEMBER = new EntryFilter.Member("channel", "web");

    private static final String MOVES = """
            CREATE UNLOGGED TABLE fill_moves AS
            SELECT i,
                   date_trunc('milliseconds', timestamptz '{start}' + (i - 1)::double precision / {moves} * (timestamptz '{end}' - timestamptz '{start}')) AS at,
                   CASE WHEN i % 1000 < 10 THEN 'reject' WHEN i % 1000 < 310 THEN 'cross' ELSE 'posted' END AS what,
                   CASE WHEN is_hot THEN 0 ELSE abs(r / 7) % 6 END AS shard,
                   CASE WHEN i % 1000 < 310 THEN (abs(r / 7) % 6 + 1 + abs(r / 100) % 5) % 6 END AS other,
                   CASE WHEN is_hot THEN '{hot}' ELSE 'user-' || abs(r / 1000) % {users} || '{' || tags[1 + abs(r / 7) % 6] || '}' END AS payer,
                   'user-' || abs(r / 77) % {users} AS payee,
                   CASE WHEN i % ({moves} / 20) = 413 THEN 'RARE' WHEN i % 30 = 7 THEN 'SILVER' ELSE 'GOLD' END AS asset,
                   1 + abs(r / 3) % 100 AS amount
            FROM (
                SELECT i, hashint8(i)::bigint AS r, hashint8(i)::bigint % 4 = 0 AND i % 1000 >= 310 AS is_hot, {tags} AS tags
                FROM generate_series(1, {moves}) AS i
            ) AS drawn""";

    private static final String STEPS = """
            CREATE UNLOGGED TABLE fill_entries AS
            SELECT i, sub, at, shard, other, type, payer, payee, asset, amount,
                   row_number() OVER (PARTITION BY shard ORDER BY i, sub) AS sequence,
                   CASE WHEN type = 'CommandRejected' THEN NULL WHEN i % ({moves} / 30) = 5 THEN 'burn' ELSE 'transfer' END AS kind
            FROM (
                SELECT i, 0 AS sub, at, shard, other, payer, payee || '{' || tags[1 + coalesce(other, shard)] || '}' AS payee, asset, amount,
                       CASE what WHEN 'reject' THEN 'CommandRejected' WHEN 'cross' THEN 'TransferSent'
                            ELSE CASE WHEN i % ({moves} / 20) = 777 THEN 'HoldVoided' ELSE 'TransferPosted' END END AS type
                FROM fill_moves CROSS JOIN (SELECT {tags} AS tags) AS t
                UNION ALL
                SELECT i, 1, at + interval '3 ms', other, shard, payer, payee || '{' || tags[1 + other] || '}', asset, amount, 'TransferReceived'
                FROM fill_moves CROSS JOIN (SELECT {tags} AS tags) AS t
                WHERE what = 'cross'
            ) AS steps""";

    private static final String ENTRIES = """
            INSERT INTO ledger.entries (sequence, at, shard, is_outcome, type, kind, command_id, cause, hash, data)
            SELECT sequence, at, shard, sub = 0, type, kind, 'c-' || md5(i::text), 'ledger.commands-' || shard || '@' || i,
                   decode(md5(i::text) || md5(sequence::text), 'hex'),
                   jsonb_build_object('kind', kind, 'asset', asset, 'from', payer, 'to', payee, 'amount', amount::text)
                   || CASE WHEN i % 100 = 50 THEN jsonb_build_object('reference', 'c-' || md5((i - 7)::text)) ELSE '{}' END
                   || CASE WHEN i % 10 = 3 THEN jsonb_build_object('memo', 'order ' || i, 'metadata', jsonb_build_object(
                          'order', 'o' || i % 100000,
                          'channel', CASE WHEN i % ({moves} / 10) = 3 THEN 'rare' ELSE 'web' END)) ELSE '{}' END
            FROM fill_entries ORDER BY at, shard, sequence""";

    private static final String REJECTIONS = """
            INSERT INTO ledger.rejections
                (at, sequence, shard, code, command_id, command_type, account, field, limit_value, value, message)
            SELECT at, sequence, shard, CASE WHEN i % ({moves} / 10) = 9 THEN 'ACCOUNT_CLOSED' ELSE 'INSUFFICIENT_FUNDS' END,
                   'c-' || md5(i::text), 'Transfer', payer, 'amount', '3', amount::text, 'amount must not exceed what the payer can spend'
            FROM fill_entries WHERE type = 'CommandRejected'""";

    private static final String POSTINGS = """
            INSERT INTO ledger.postings (at, version, sequence, shard, bucket, account, asset, counterparty, amount, balance)
            SELECT at, row_number() OVER (PARTITION BY shard, account ORDER BY sequence, side), sequence, shard, 'available',
                   account, asset, counterparty, amount,
                   sum(amount) OVER (PARTITION BY shard, account, asset ORDER BY sequence, side)
            FROM (
                SELECT at, sequence, shard, 0 AS side, asset, payee AS counterparty, -amount AS amount,
                       CASE WHEN sub = 1 THEN '@clearing/' || other || '/' || asset ELSE payer END AS account
                FROM fill_entries WHERE type <> 'CommandRejected'
                UNION ALL
                SELECT at, sequence, shard, 1, asset, payer, amount,
                       CASE WHEN type = 'TransferSent' THEN '@clearing/' || other || '/' || asset ELSE payee END
                FROM fill_entries WHERE type <> 'CommandRejected'
            ) AS sides
            ORDER BY at, sequence""";

    private static final List<String> REST = List.of("""
            INSERT INTO ledger.balances (version, shard, account, asset, available, at)
            SELECT DISTINCT ON (account, asset, shard) version, shard, account, asset, balance, at
            FROM ledger.postings ORDER BY account, asset, shard, at DESC, version DESC""", """
            INSERT INTO ledger.accounts (account, shard, since)
            SELECT account, shard, min(at) FROM ledger.postings GROUP BY account, shard""", """
            INSERT INTO ledger.positions (shard, sequence, next_offset, at, folded)
            SELECT shard, max(sequence), max(sequence), max(at), max(sequence) FROM ledger.entries GROUP BY shard""", """
            INSERT INTO ledger.assets (asset, name, symbol, emoji, decimals, shard, sequence, defined_at)
            SELECT asset, asset, '', '', 2, 0, 1, timestamptz '{start}' FROM unnest(ARRAY['GOLD', 'SILVER', 'RARE']) AS asset""", "DROP TABLE fill_moves, fill_entries");

    private final Database database;
    private final Router router = new KafkaRouter(SHARDS);
    private final List<String> tags =
            IntStream.range(0, SHARDS).mapToObj(this::tag).toList();
    private final long moves;
    private final int users;

    /**
     * @param database with an empty schema
     * @param entries about how many entries; twice as many postings
     * @param users how many accounts pay and are paid on each shard
     */
    SkewedHistory(Database database, long entries, int users) {
        this.database = database;
        this.moves = entries * 10 / 13;
        this.users = users;
    }

    Router router() {
        return router;
    }

    /** The account with a quarter of all postings; pays, and is on shard 0. */
    String hot() {
        return "hot{" + tags.getFirst() + "}";
    }

    /** An account among others. */
    String user(int number, int shard) {
        return "user-" + number + "{" + tags.get(shard) + "}";
    }

    /** The id of a command. */
    String command(long number) {
        return "c-" + md5(Long.toString(number));
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many commands there are, numbered from 1. */
    long moves() {
        return moves;
    }

    /** Part of an account's name by which it is on a shard. */
    private String tag(int shard) {
        int number = 0;
        while (router.shardOfKey("s" + number) != shard) {
            number++;
        }
        return "s" + number;
    }

    /** Fills all tables; the planner knows nothing of them yet. */
    void fill() {
        database.execute("SELECT ledger.make_partitions(month) FROM generate_series(timestamptz '" + START
                + "', timestamptz '" + END + "', '1 month') AS month");
        List<String> indexes = dropIndexes();
        run(MOVES);
        run(STEPS);
        run(ENTRIES);
        run(REJECTIONS);
        run(POSTINGS);
        indexes.forEach(this::run);
        REST.forEach(this::run);
        run("DELETE FROM ledger.retention");
        run(rollups());
    }

    /** Gives the planner its statistics. */
    void analyze() {
        run("VACUUM ANALYZE");
    }

    /** Building an index once is faster than keeping it up to date. Returns the statements that bring them back. */
    private List<String> dropIndexes() {
        List<String> definitions = new ArrayList<>();
        for (String table : List.of("entries", "postings")) {
            for (var index : database.fetch(
                    "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition"
                            + " FROM pg_index WHERE indrelid = 'ledger." + table
                            + "'::regclass AND NOT indisprimary")) {
                definitions.add(index.get("definition", String.class).replace(" ON ONLY ", " ON "));
                database.execute("DROP INDEX " + index.get("name", String.class));
            }
            for (var key :
                    database.fetch("SELECT conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
                            + " WHERE conrelid = 'ledger." + table + "'::regclass AND contype = 'p'")) {
                String name = key.get("name", String.class);
                database.execute("ALTER TABLE ledger." + table + " DROP CONSTRAINT " + name);
                definitions.add("ALTER TABLE ledger." + table + " ADD CONSTRAINT " + name + " "
                        + key.get("definition", String.class));
            }
        }
        return definitions;
    }

    /** The migration that fills them from the entries that there are. */
    private static String rollups() {
        try (InputStream file =
                SkewedHistory.class.getResourceAsStream("/db/migration/V5__rollups_of_what_there_is.sql")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String sql) {
        database.execute(sql.replace("{moves}", Long.toString(moves))
                .replace("{users}", Integer.toString(users))
                .replace("{hot}", hot())
                .replace("{tags}", "ARRAY['" + String.join("', '", tags) + "']")
                .replace("{start}", START)
                .replace("{end}", END));
    }
}
