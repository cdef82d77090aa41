package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a store holds against what the journal says: every bucket of every holding, both ways, and how far the store has got.
 *
 * <p>The store must stand still while it is read, at the position of the fold: otherwise the difference in positions is reported
 * first, and others follow from it.
 *
 * @param source the store
 * @param compared how many holdings agreed or differed
 * @param differenceCount how many differences there are
 * @param differences the first of them, {@link #DIFFERENCES_MAX} at most
 */
public record Comparison(String source, long compared, long differenceCount, List<Difference> differences) {
    /** How many differences are listed. */
    public static final int DIFFERENCES_MAX = 100;

    /** Copies the list. */
    public Comparison {
        differences = List.copyOf(differences);
    }

    /**
     * Compares.
     *
     * @throws AuditException when the store cannot be read
     */
    public static Comparison of(Books books, BalanceSource source) {
        Collector collector = new Collector(source.name());
        comparePositions(books, source, collector);
        Set<Key> seen = new HashSet<>();
        source.forEach((shard, account, holding) -> {
            Key key = new Key(shard, account, holding.asset());
            if (!seen.add(key)) {
                collector.add(
                        shard, account + " " + holding.asset() + " is held twice", BigInteger.ONE, BigInteger.TWO);
            }
            compare(key, books.holding(shard, account, holding.asset()), holding, collector);
        });
        books.forEach((shard, account, holding) -> {
            Key key = new Key(shard, account, holding.asset());
            if (!seen.contains(key)) {
                compare(key, holding, Holding.empty(holding.asset()), collector);
            }
        });
        return new Comparison(source.name(), collector.compared, collector.count, collector.differences);
    }

    /** Whether the store holds exactly what the journal says. */
    public boolean agrees() {
        return differenceCount == 0;
    }

    private static void comparePositions(Books books, BalanceSource source, Collector collector) {
        Map<Integer, Long> found = new HashMap<>();
        source.positions().forEach(position -> found.put(position.shard(), position.sequence()));
        for (Position expected : books.positions()) {
            long sequence = found.getOrDefault(expected.shard(), 0L);
            found.remove(expected.shard());
            if (sequence != expected.sequence()) {
                collector.add(
                        expected.shard(),
                        "position",
                        BigInteger.valueOf(expected.sequence()),
                        BigInteger.valueOf(sequence));
            }
        }
        found.forEach((shard, sequence) -> collector.add(
                shard,
                "position of a shard that the journal does not have",
                BigInteger.ZERO,
                BigInteger.valueOf(sequence)));
    }

    private static void compare(Key key, Holding expected, Holding found, Collector collector) {
        if (!expected.isEmpty() || !found.isEmpty()) {
            collector.compared++;
        }
        for (Bucket bucket : Bucket.values()) {
            BigInteger wanted = expected.balance(bucket);
            BigInteger held = found.balance(bucket);
            if (!wanted.equals(held)) {
                collector.add(key.shard, key.account + " " + key.asset + " " + bucket.wireName(), wanted, held);
            }
        }
    }

    private record Key(int shard, String account, String asset) {}

    private static final class Collector {
        private final String source;
        private final List<Difference> differences = new ArrayList<>();
        private long count;
        private long compared;

        Collector(String source) {
            this.source = source;
        }

        void add(int shard, String what, BigInteger expected, BigInteger found) {
            count++;
            if (differences.size() < DIFFERENCES_MAX) {
                differences.add(new Difference(source, shard, what, expected, found));
            }
        }
    }
}
