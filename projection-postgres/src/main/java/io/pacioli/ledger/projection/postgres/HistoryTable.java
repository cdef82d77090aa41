package io.pacioli.ledger.projection.postgres;

import java.util.List;
import java.util.Objects;

/**
 * A table as it is compared with a copy of it.
 *
 * @param name its name in the schema
 * @param block an expression that divides its rows of a shard into blocks, which are compared before any row is
 * @param key an expression for what a row is about
 */
record HistoryTable(String name, String block, String key) {
    private static final String BY_SEQUENCE = "(sequence - 1) / 4096";

    private static final String HASHED = """
            SELECT string_agg(quote_ident(attname) || CASE WHEN typtype = 'e' OR typname = 'jsonb' THEN '::text' ELSE '' END, ', '
                              ORDER BY attnum)
            FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid
            WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped""";

    static final HistoryTable ENTRIES = new HistoryTable("entries", BY_SEQUENCE, "sequence");
    static final HistoryTable POSTINGS = new HistoryTable(
            "postings", BY_SEQUENCE, "account || ' ' || asset || ' ' || bucket || ', version ' || version");
    static final HistoryTable BALANCES =
            new HistoryTable("balances", "hashtext(account) & 4095", "account || ' ' || asset");
    static final HistoryTable ACCOUNTS = new HistoryTable("accounts", "hashtext(account) & 4095", "account");
    static final HistoryTable METADATA =
            new HistoryTable("entry_metadata", BY_SEQUENCE, "sequence || ' ' || key || '=' || value");

    /** All that have rows of a shard, in the order in which differences are told. */
    static final List<HistoryTable> ALL = List.of(
            BALANCES,
            ACCOUNTS,
            new HistoryTable("assets", "0", "asset"),
            ENTRIES,
            POSTINGS,
            new HistoryTable("rejections", BY_SEQUENCE, "sequence"),
            METADATA,
            new HistoryTable("activity", "hashtext(asset) & 4095", "asset || ' in the ' || grain || ' of ' || starts"),
            new HistoryTable("rejection_counts", "0", "code || ' in the ' || grain || ' of ' || starts"));

    /**
     * The columns as they are hashed, separated by commas: those whose values have numbers of their own in each database, or may be written
     * in more ways than one, as text.
     */
    String hashed(Sql sql) {
        return Objects.requireNonNull(sql.text(HASHED, "ledger." + name));
    }

    /**
     * Digests of all blocks of all shards; the order of rows does not matter. The hash of a row is a sum over its columns and so must be
     * hashed once more: else two rows that swap a value would have the same sum as before.
     *
     * @param hashed the columns
     */
    String digests(String hashed) {
        return "SELECT shard, " + block + ", count(*), sum(hashint8extended(hash_record_extended(ROW(" + hashed
                + "), 0), 0)) FROM ledger." + name + " GROUP BY 1, 2";
    }

    /** The rows that fulfil a condition, each as JSON behind what it is about. */
    String rows(String condition) {
        return "SELECT (" + key + ")::text, to_jsonb(t)::text FROM ledger." + name + " AS t WHERE " + condition;
    }

    /** The condition of a block; its parameters are the shard and the block. */
    String isInBlock() {
        return "shard = ? AND " + block + " = ?";
    }
}
