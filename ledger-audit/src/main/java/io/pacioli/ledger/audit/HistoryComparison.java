package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.JournalRecord;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Compares all that a projection keeps of the past, and what it tells of accounts and assets, with the journal, where the replays of its
 * shards stand. Reads each of its tables once, whatever the number of shards.
 */
final class HistoryComparison {
    private final String source;
    private final HistoryReading history;
    private final Findings findings;
    private final Reconciliation.Replays replays;
    private final Map<Integer, Shard> shards = new TreeMap<>();
    private long rows;

    /** Hears of the journal's records. */
    interface RecordVisitor {
        void record(JournalRecord journal, byte[] bytes);
    }

    private record Shard(ShardHistory entries, FigureComparison figures, RegisterComparison register) {}

    HistoryComparison(String source, HistoryReading history, Findings findings, Reconciliation.Replays replays) {
        this.source = source;
        this.history = history;
        this.findings = findings;
        this.replays = replays;
    }

    /** Notes that a shard is to be compared at the place where its books stand. */
    void add(ShardBooks books) {
        HistoryFindings named = new HistoryFindings(source, books, findings);
        shards.put(
                books.shard(),
                new Shard(
                        new ShardHistory(history, books, named, replays),
                        new FigureComparison(history, books, named, replays),
                        new RegisterComparison(books, named)));
    }

    /** Compares. */
    void run() {
        if (shards.isEmpty()) {
            return;
        }
        Map<Integer, Long> from = from(shard -> shard.entries().fromSequence());
        history.entries(from, row -> {
            Shard shard = shards.get(row.shard());
            if (shard == null) {
                astray(row.shard(), row.sequence(), "an entry");
            } else {
                shard.entries().entry(row);
            }
        });
        history.postings(from, row -> {
            Shard shard = shards.get(row.shard());
            if (shard == null) {
                astray(row.shard(), row.sequence(), "a posting of " + row.account());
            } else {
                shard.entries().posting(row);
            }
        });
        for (HistoryTable table : ShardHistory.TABLES) {
            rows(table, from, (shard, row) -> shard.entries().row(row));
        }
        Map<Integer, Long> fromTime = from(shard -> shard.figures().from());
        for (HistoryTable table : FigureComparison.TABLES) {
            rows(table, fromTime, (shard, row) -> shard.figures().row(row));
        }
        Map<Integer, Long> all = from(shard -> Long.MIN_VALUE);
        rows(HistoryTable.ACCOUNTS, all, (shard, row) -> shard.register().account(row));
        rows(HistoryTable.ASSETS, all, (shard, row) -> shard.register().asset(row));
        shards.values().forEach(shard -> {
            shard.entries().finish();
            shard.figures().finish();
            shard.register().finish();
        });
    }

    private Map<Integer, Long> from(ToLongFunction<Shard> place) {
        return shards.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, shard -> place.applyAsLong(shard.getValue())));
    }

    private void rows(HistoryTable table, Map<Integer, Long> from, BiConsumer<Shard, HistoryRow> visitor) {
        history.rows(table, from, row -> {
            rows++;
            Shard shard = shards.get(row.shard());
            if (shard == null) {
                astray(row.shard(), 0, "a row of " + table.title() + ": " + row.name());
            } else {
                visitor.accept(shard, row);
            }
        });
    }

    /** How many entries the source has of what was compared. */
    long entries() {
        return shards.values().stream()
                .mapToLong(shard -> shard.entries().entries())
                .sum();
    }

    /** How many rows the source has of what was compared, besides entries and postings. */
    long rows() {
        return rows;
    }

    /** How many entries the source does not keep any more. */
    long notKept() {
        return shards.values().stream()
                .mapToLong(shard -> shard.entries().notKept())
                .sum();
    }

    private void astray(int shard, long sequence, String found) {
        findings.add(new Finding(
                Finding.Kind.HISTORY,
                source,
                shard,
                sequence,
                Finding.NO_OFFSET,
                0,
                null,
                "must have nothing of a shard that the journal does not have",
                "",
                found));
    }
}
