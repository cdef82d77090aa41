package io.pacioli.ledger.projection.postgres;

import java.util.List;

/**
 * A table as it is compared with a copy of it.
 *
 * @param name its name in the schema
 * @param block an expression that divides its rows of a shard into blocks, which are compared before any row is
 * @param key an expression for what a row is about
 */
record HistoryTable(String name, String block, String key) {
    private static final String BY_SEQUENCE = "(sequence - 1) / 4096";

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

    /** Digests of all blocks of all shards; the order of rows does not matter. */
    String digests() {
        return "SELECT shard, " + block + ", count(*), sum(hashtextextended(t::text, 0)) FROM ledger." + name
                + " AS t GROUP BY 1, 2";
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
