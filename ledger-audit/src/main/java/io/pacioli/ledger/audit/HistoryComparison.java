package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.JournalRecord;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares the entries and postings that a projection keeps with the journal, where the replays of its shards stand. Reads each of its
 * tables once, whatever the number of shards.
 */
final class HistoryComparison {
    private final String source;
    private final HistoryReading history;
    private final Findings findings;
    private final Reconciliation.Replays replays;
    private final Map<Integer, ShardHistory> shards = new TreeMap<>();

    /** Hears of the journal's records. */
    interface RecordVisitor {
        void record(JournalRecord journal, byte[] bytes);
    }

    HistoryComparison(String source, HistoryReading history, Findings findings, Reconciliation.Replays replays) {
        this.source = source;
        this.history = history;
        this.findings = findings;
        this.replays = replays;
    }

    /** Notes that a shard is to be compared at the place where its books stand. */
    void add(ShardBooks books) {
        shards.put(books.shard(), new ShardHistory(source, history, books, findings, replays));
    }

    /** Compares. */
    void run() {
        if (shards.isEmpty()) {
            return;
        }
        Map<Integer, Long> from = shards.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, shard -> shard.getValue().fromSequence()));
        history.entries(from, row -> {
            ShardHistory shard = shards.get(row.shard());
            if (shard == null) {
                astray(row.shard(), row.sequence(), "an entry");
            } else {
                shard.entry(row);
            }
        });
        history.postings(from, row -> {
            ShardHistory shard = shards.get(row.shard());
            if (shard == null) {
                astray(row.shard(), row.sequence(), "a posting of " + row.account());
            } else {
                shard.posting(row);
            }
        });
        shards.values().forEach(ShardHistory::finish);
    }

    /** How many entries the source has of what was compared. */
    long entries() {
        return shards.values().stream().mapToLong(ShardHistory::entries).sum();
    }

    /** How many entries the source does not keep any more. */
    long notKept() {
        return shards.values().stream().mapToLong(ShardHistory::notKept).sum();
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
