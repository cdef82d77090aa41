package io.pacioli.ledger.core;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Something that falls due on a shard: kept in its state, ordered by time, and decided when an input of that time or a later one
 * comes.
 *
 * @param atMillis when, milliseconds since 1970-01-01 UTC
 * @param kind what
 * @param id of the hold, the transaction or the command; what falls due together is decided in the order of their code points
 */
public record Due(long atMillis, Kind kind, String id) implements Comparable<Due> {
    /** What falls due; what falls due at the same time is decided in this order. */
    public enum Kind {
        /** A hold expires. */
        HOLD_EXPIRY,
        /** A transaction across shards is given up. */
        TRANSACTION_DEADLINE,
        /** A command that came before its time is decided. */
        DEFERRED_COMMAND
    }

    private static final Comparator<Due> ORDER =
            Comparator.comparingLong(Due::atMillis).thenComparing(Due::kind).thenComparing(Due::id, Due::byCodePoints);

    /** The order of UTF-8, in which a store keeps its keys; the order of strings is another beyond the Basic Multilingual Plane. */
    private static int byCodePoints(String one, String other) {
        return Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray());
    }

    @Override
    public int compareTo(Due other) {
        return ORDER.compare(this, other);
    }
}
