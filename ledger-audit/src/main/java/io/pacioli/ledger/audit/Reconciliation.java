package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares a projection with the journal at the projection's own position, while both go on.
 *
 * <p>Each page of the projection is true for one position. The replay of the shard goes on to exactly that position and stands there while
 * the page is compared, so nothing that happens meanwhile can look like a difference. An account that should be on a page and is not shows
 * as one that was on no page at all, although it had money at the position of each of them.
 */
final class Reconciliation {
    private static final Duration RETRY = Duration.ofMillis(20);

    private final BalanceSource source;
    private final Findings findings;
    private final Replays replays;
    private final Patience patience;
    private long compared;
    private long historyEntries;
    private long historyRows;
    private long notKept;
    private long horizonMillis;

    /** The replays, as reconciliation drives them. */
    interface Replays {
        /** The books of all shards. */
        List<ShardBooks> books();

        /** Replays a shard on to a sequence; false when the journal, as it is now, does not reach it. */
        boolean advance(int shard, long sequence);

        /** The books of all shards as they were at those positions, read from the beginning; nothing of other shards. */
        List<ShardBooks> foldTo(List<Position> positions);

        /** How far an earlier audit has compared the history of a shard; 0 when none has. */
        long comparedTo(int shard);

        /** The history of a shard was compared up to a sequence. */
        void compared(int shard, long sequence);

        /**
         * What of the journal's own records stands in a block, read again; none when they were purged.
         *
         * @throws AuditException when they do not come
         */
        void reread(
                int shard, long offset, long fromSequence, long toSequence, HistoryComparison.RecordVisitor visitor);
    }

    /**
     * Books that stand where a projection stands, and go no further.
     *
     * @param wanted where they were to stand, by shard: they stand before that where the journal ends before it
     */
    private record Standing(List<ShardBooks> books, Map<Integer, Long> wanted, Replays journal) implements Replays {
        @Override
        public boolean advance(int shard, long sequence) {
            long stands = books.get(shard).sequence();
            if (stands < wanted.getOrDefault(shard, 0L)) {
                return false;
            }
            if (sequence != stands) {
                throw new AuditException(
                        "a projection that stood still goes on: audit again when it has caught up; shard " + shard);
            }
            return true;
        }

        @Override
        public List<ShardBooks> foldTo(List<Position> positions) {
            return journal.foldTo(positions);
        }

        @Override
        public long comparedTo(int shard) {
            return journal.comparedTo(shard);
        }

        @Override
        public void compared(int shard, long sequence) {
            journal.compared(shard, sequence);
        }

        @Override
        public void reread(
                int shard, long offset, long fromSequence, long toSequence, HistoryComparison.RecordVisitor visitor) {
            journal.reread(shard, offset, fromSequence, toSequence, visitor);
        }
    }

    Reconciliation(BalanceSource source, Findings findings, Replays replays, Patience patience) {
        this.source = source;
        this.findings = findings;
        this.replays = replays;
        this.patience = patience;
    }

    /**
     * Compares all shards.
     *
     * @throws AuditException when the source cannot be read
     */
    ProjectionFigures run() {
        try (BalanceReading reading = openAbreast()) {
            if (reading != null) {
                return compare(reading);
            }
        }
        try (BalanceReading reading = source.open()) {
            Replays there = new Standing(replays.foldTo(reading.positions()), sequences(reading.positions()), replays);
            return new Reconciliation(source, findings, there, patience).compare(reading);
        }
    }

    private ProjectionFigures compare(BalanceReading reading) {
        long before = findings.differences();
        List<Position> positions = new ArrayList<>();
        Set<Integer> known = new HashSet<>();
        for (Position position : reading.positions()) {
            known.add(position.shard());
            if (position.shard() >= replays.books().size()) {
                add(position, null, "must be of a shard that the journal has", "", position.toString());
            }
        }
        for (ShardBooks books : replays.books()) {
            boolean isEmpty = books.sequence() == 0 && !known.contains(books.shard());
            if (books.fault() == null && !isEmpty) {
                Position last = compare(reading, books);
                if (last != null) {
                    positions.add(last);
                }
            }
        }
        HistoryReading history = reading.history();
        if (history != null) {
            compare(history, positions);
        }
        return new ProjectionFigures(
                source.name(),
                positions,
                compared,
                historyEntries,
                historyRows,
                notKept,
                horizonMillis,
                findings.differences() - before);
    }

    /** Compares the history of the shards whose balances were: their replays stand where the source does. */
    private void compare(HistoryReading history, List<Position> positions) {
        HistoryComparison comparison = new HistoryComparison(source.name(), history, findings, replays);
        positions.forEach(position -> comparison.add(replays.books().get(position.shard())));
        comparison.run();
        positions.forEach(position -> replays.compared(position.shard(), position.sequence()));
        historyEntries += comparison.entries();
        historyRows += comparison.rows();
        notKept += comparison.notKept();
        horizonMillis = history.horizonMillis();
    }

    /**
     * A look at the source that is not behind the replays, which cannot go back. Null when it stands still behind them: it was stopped, or
     * somebody has set it back.
     */
    private @Nullable BalanceReading openAbreast() {
        long bestSum = -1;
        long lastNanos = System.nanoTime();
        while (true) {
            BalanceReading reading = source.open();
            Map<Integer, Long> found = sequences(reading.positions());
            if (!isBehind(found)) {
                return reading;
            }
            reading.close();
            long sum = found.values().stream().mapToLong(Long::longValue).sum();
            if (sum > bestSum) {
                bestSum = sum;
                lastNanos = System.nanoTime();
            } else if (System.nanoTime() - lastNanos > patience.standstill().toNanos()) {
                return null;
            }
            Patience.pause(RETRY);
        }
    }

    private static Map<Integer, Long> sequences(List<Position> positions) {
        return positions.stream().collect(Collectors.toMap(Position::shard, Position::sequence, Math::max));
    }

    private boolean isBehind(Map<Integer, Long> found) {
        return replays.books().stream()
                .anyMatch(books -> books.fault() == null && found.getOrDefault(books.shard(), 0L) < books.sequence());
    }

    /** Compares one shard; returns the last position that was compared, or null when there was none that the journal has. */
    private @Nullable Position compare(BalanceReading reading, ShardBooks books) {
        Set<String> seen = new HashSet<>();
        Position last = null;
        for (int page = 0; page < reading.pages(); page++) {
            Page read = read(reading, books, page, seen);
            if (read.position == null) {
                return null;
            }
            last = read.position;
        }
        Set<String> missing = unseen(books, seen);
        if (reading.pages() > 1 && !missing.isEmpty()) {
            // New since their page was read, or emptied then: look again, and drop what was empty at any page's
            // position.
            for (int page = 0; page < reading.pages(); page++) {
                Page read = read(reading, books, page, seen);
                if (read.position == null) {
                    return null;
                }
                last = read.position;
                missing.removeIf(
                        key -> seen.contains(key) || holding(books, key).isEmpty());
            }
        }
        for (String key : missing) {
            compared++;
            difference(books, account(key), holding(books, key), Holding.empty(asset(key)));
        }
        return last;
    }

    private final class Page implements BalanceReading.PageVisitor {
        private final ShardBooks books;
        private final Set<String> seen;
        private @Nullable Position position;
        private boolean isEarly;

        Page(ShardBooks books, Set<String> seen) {
            this.books = books;
            this.seen = seen;
        }

        @Override
        public boolean at(Position found) {
            isEarly = found.sequence() < books.sequence();
            if (isEarly) {
                return false;
            }
            if (!replays.advance(books.shard(), found.sequence())) {
                if (books.fault() == null) {
                    add(
                            found,
                            null,
                            "must not be ahead of the journal",
                            "at most " + books.shard() + ":" + books.sequence(),
                            found.toString());
                }
                return false;
            }
            position = found;
            return true;
        }

        @Override
        public void holding(String account, Holding holding) {
            boolean isNew = seen.add(key(account, holding.asset()));
            Account known = books.state().account(account);
            Holding expected = known == null ? Holding.empty(holding.asset()) : known.holding(holding.asset());
            if (isNew && !(expected.isEmpty() && holding.isEmpty())) {
                compared++;
            }
            difference(books, account, expected, holding);
        }
    }

    private Page read(BalanceReading reading, ShardBooks books, int page, Set<String> seen) {
        long lastNanos = System.nanoTime();
        while (true) {
            Page read = new Page(books, seen);
            reading.read(books.shard(), page, read);
            if (!read.isEarly) {
                return read;
            }
            if (System.nanoTime() - lastNanos > patience.standstill().toNanos()) {
                throw new AuditException(source.name() + " stands still behind the journal on shard " + books.shard());
            }
            Patience.pause(RETRY);
        }
    }

    private static Set<String> unseen(ShardBooks books, Set<String> seen) {
        Set<String> unseen = new HashSet<>();
        for (Account account : books.state().accounts()) {
            for (Holding holding : account.holdings()) {
                String key = key(account.id(), holding.asset());
                if (!seen.contains(key)) {
                    unseen.add(key);
                }
            }
        }
        return unseen;
    }

    // Neither an account's id nor an asset's code has spaces.

    private static String key(String account, String asset) {
        return account + ' ' + asset;
    }

    private static String account(String key) {
        return key.substring(0, key.indexOf(' '));
    }

    private static String asset(String key) {
        return key.substring(key.indexOf(' ') + 1);
    }

    private static Holding holding(ShardBooks books, String key) {
        Account account = books.state().account(account(key));
        return account == null ? Holding.empty(asset(key)) : account.holding(asset(key));
    }

    private void difference(ShardBooks books, String account, Holding expected, Holding found) {
        for (Bucket bucket : Bucket.values()) {
            BigInteger wanted = expected.balance(bucket);
            BigInteger held = found.balance(bucket);
            if (!wanted.equals(held)) {
                findings.add(new Finding(
                        Finding.Kind.BALANCE,
                        source.name(),
                        books.shard(),
                        books.sequence(),
                        Finding.NO_OFFSET,
                        books.atMillis(),
                        account + " " + expected.asset() + " " + bucket.wireName(),
                        "must be what the journal gives at that position",
                        Amount.digits(wanted),
                        Amount.digits(held)));
            }
        }
    }

    private void add(Position position, @Nullable String account, String message, String expected, String found) {
        findings.add(new Finding(
                Finding.Kind.POSITION,
                source.name(),
                position.shard(),
                position.sequence(),
                Finding.NO_OFFSET,
                0,
                account,
                message,
                expected,
                found));
    }
}
