package io.pacioli.ledger.projection.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes partitions before they are needed: those of a batch's months and of the month after, which the first batch of a new month then
 * finds. Thread safe.
 */
final class Partitions {
    private static final String MAKE = "SELECT ledger.make_partitions(month) FROM unnest(?::timestamptz[]) AS month";

    private final Set<YearMonth> made = ConcurrentHashMap.newKeySet();

    /** Makes what is missing, in a transaction of its own, so that no lock is held for longer than that takes. */
    void make(Collection<YearMonth> months, Connection connection) throws SQLException {
        Set<YearMonth> needed = new TreeSet<>(months);
        months.forEach(month -> needed.add(month.plusMonths(1)));
        if (made.containsAll(needed)) {
            return;
        }
        Array starts = connection.createArrayOf(
                "timestamptz",
                needed.stream()
                        .map(month -> month.atDay(1)
                                .atStartOfDay(ZoneOffset.UTC)
                                .toInstant()
                                .toString())
                        .toArray());
        try (PreparedStatement statement = connection.prepareStatement(MAKE)) {
            statement.setArray(1, starts);
            statement.execute();
        }
        connection.commit();
        made.addAll(needed);
    }

    /** Looks again the next time: the store failed, and may have been emptied or replaced. */
    void forget() {
        made.clear();
    }
}
