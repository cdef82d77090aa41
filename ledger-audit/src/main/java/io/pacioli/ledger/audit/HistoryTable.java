package io.pacioli.ledger.audit;

import java.time.Instant;
import java.util.List;

/** A table that a history keeps besides its entries and postings, each in the schema {@code ledger} under {@link #title}. */
public enum HistoryTable {
    /** Commands that were rejected. */
    REJECTIONS(
            "rejections",
            Order.SEQUENCE,
            List.of(),
            time("at"),
            text("code"),
            text("command_id"),
            text("command_type"),
            text("account"),
            text("field"),
            text("limit_value"),
            text("value"),
            text("message")),
    /** The clients' own members of what led to entries. */
    METADATA("entry_metadata", Order.SEQUENCE, List.of("key"), time("at"), text("value")),
    /** What happened with each asset by hour and day. */
    ACTIVITY(
            "activity",
            Order.TIME,
            List.of("asset", "grain"),
            text("transfers"),
            text("volume"),
            text("minted"),
            text("burned"),
            text("returned"),
            text("active_accounts")),
    /** Rejections by hour and day. */
    REJECTION_COUNTS("rejection_counts", Order.TIME, List.of("code", "grain"), text("rejections")),
    /** What accounts are. */
    ACCOUNTS(
            "accounts",
            Order.NONE,
            List.of("account"),
            time("since"),
            time("opened_at"),
            text("status"),
            json("limits"),
            json("max_balances"),
            json("metadata")),
    /** What assets are. */
    ASSETS(
            "assets",
            Order.NONE,
            List.of("asset"),
            text("name"),
            text("symbol"),
            text("emoji"),
            text("decimals"),
            text("max_supply"),
            text("sequence"),
            time("defined_at"),
            json("metadata"));

    private final String title;
    private final Order order;

    @SuppressWarnings("ImmutableEnumChecker") // Lists of List.of do not change.
    private final List<String> key;

    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Column> columns;

    /** By what the rows of a shard have their place. */
    public enum Order {
        /** The sequence of an entry, in the column {@code sequence}. */
        SEQUENCE,
        /** When a period starts, in the column {@code starts}; as a number in microseconds since 1970-01-01 UTC. */
        TIME,
        /** None: there is one row for each key, at 0. */
        NONE
    }

    /** How a value is written. */
    public enum Kind {
        /** As it is. */
        TEXT,
        /** In microseconds since 1970-01-01 UTC. */
        TIME,
        /** Whose spelling and order of members do not matter. */
        JSON
    }

    /** A column and how its values are written. */
    public record Column(String name, Kind kind) {
        private static final long MICROS_PER_SECOND = 1_000_000;
        private static final long NANOS_PER_MICRO = 1_000;

        /** A value as people read it. */
        String shown(String value) {
            return kind == Kind.TIME ? instant(Long.parseLong(value)).toString() : value;
        }

        static Instant instant(long micros) {
            return Instant.ofEpochSecond(
                    Math.floorDiv(micros, MICROS_PER_SECOND),
                    Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO);
        }
    }

    HistoryTable(String title, Order order, List<String> key, Column... columns) {
        this.title = title;
        this.order = order;
        this.key = key;
        this.columns = List.of(columns);
    }

    private static Column text(String name) {
        return new Column(name, Kind.TEXT);
    }

    private static Column time(String name) {
        return new Column(name, Kind.TIME);
    }

    private static Column json(String name) {
        return new Column(name, Kind.JSON);
    }

    /** Its name in the schema. */
    public String title() {
        return title;
    }

    /** By what its rows have their place. */
    public Order order() {
        return order;
    }

    /** The columns that tell rows at one place of a shard apart. */
    public List<String> key() {
        return key;
    }

    /** The columns that are compared. */
    public List<Column> columns() {
        return columns;
    }
}
