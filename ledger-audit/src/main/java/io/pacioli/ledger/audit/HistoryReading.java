package io.pacioli.ledger.audit;

import java.util.Map;
import java.util.function.Consumer;

/** The entries and postings that a source keeps, and the rows of its other tables, as of the same look as its balances. Not thread safe. */
public interface HistoryReading {
    /** The time before which nothing is kept any more, in milliseconds since 1970-01-01 UTC; 0 when everything is. */
    default long horizonMillis() {
        return 0;
    }

    /**
     * All entries of some shards, once and in any order, and those of shards behind all of them, which there are not.
     *
     * @param fromSequences where to begin, by shard
     */
    void entries(Map<Integer, Long> fromSequences, Consumer<HistoryEntry> visitor);

    /** The postings of those entries, likewise. */
    void postings(Map<Integer, Long> fromSequences, Consumer<HistoryPosting> visitor);

    /** The entries of a shard in a range of sequences. */
    void entriesOf(int shard, long fromSequence, long toSequence, Consumer<HistoryEntry> visitor);

    /** The postings of a shard's entries in a range of sequences. */
    void postingsOf(int shard, long fromSequence, long toSequence, Consumer<HistoryPosting> visitor);

    /**
     * All rows of a table, as with {@link #entries}.
     *
     * @param from where to begin, by shard: a place as {@link HistoryTable#order} says
     */
    void rows(HistoryTable table, Map<Integer, Long> from, Consumer<HistoryRow> visitor);

    /** The rows of a shard in a range of places. */
    void rowsOf(HistoryTable table, int shard, long from, long to, Consumer<HistoryRow> visitor);
}
