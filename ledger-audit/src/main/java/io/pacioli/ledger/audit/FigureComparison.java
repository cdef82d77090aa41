package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.state.KeyedHash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The figures by hour and day that a projection keeps of one shard, held against the journal day by day by their digests, and row by row on
 * a day that differs. Days before those that an earlier audit has compared are not read again.
 */
final class FigureComparison {
    /** Days that differ and are looked into; more are told as days. */
    private static final int DAYS_LOOKED_INTO_MAX = 8;

    static final List<HistoryTable> TABLES = List.of(HistoryTable.ACTIVITY, HistoryTable.REJECTION_COUNTS);

    private final HistoryReading history;
    private final ShardBooks books;
    private final KeyedHash hash;
    private final FigureDigest figures;
    private final HistoryFindings findings;
    private final Reconciliation.Replays replays;
    private final long fromMillis;
    private final Map<Long, Long> digests = new HashMap<>();

    FigureComparison(
            HistoryReading history, ShardBooks books, HistoryFindings findings, Reconciliation.Replays replays) {
        this.history = history;
        this.books = books;
        this.findings = findings;
        this.replays = replays;
        hash = books.state().hash();
        figures = books.history().figures();
        long comparedTo = replays.comparedTo(books.shard());
        fromMillis = comparedTo == 0 ? Long.MIN_VALUE : figures.startOf(comparedTo + 1);
    }

    /** The place from which on rows are to be read. */
    long from() {
        return fromMillis == Long.MIN_VALUE ? fromMillis : fromMillis * HistoryEntry.MICROS_PER_MILLI;
    }

    void row(HistoryRow row) {
        long millis = Math.floorDiv(row.place(), HistoryEntry.MICROS_PER_MILLI);
        digests.merge(FigureFold.dayOf(millis), HistoryDigest.digest(row, hash), Long::sum);
    }

    /** All rows were read. */
    void finish() {
        Map<Long, FigureDigest.Day> expected = figures.days().tailMap(fromMillis, true);
        TreeSet<Long> days = new TreeSet<>(expected.keySet());
        days.addAll(digests.keySet());
        days.removeIf(day -> {
            FigureDigest.Day known = expected.get(day);
            return (known == null ? 0 : known.digest()) == digests.getOrDefault(day, 0L);
        });
        int looked = 0;
        for (long day : days) {
            long before = findings.named();
            if (looked++ < DAYS_LOOKED_INTO_MAX) {
                lookInto(day, expected.get(day));
            }
            if (findings.named() == before) {
                String rule =
                        "tables activity and rejection_counts must be what the journal gives for the day that starts at "
                                + Instant.ofEpochMilli(day);
                findings.add(books.sequence(), null, rule, "", "others");
            }
        }
    }

    /** Names the rows of a day that differ, by reading that part of the journal again. */
    private void lookInto(long day, FigureDigest.@Nullable Day known) {
        List<HistoryRow> expected = new ArrayList<>();
        if (known != null) {
            FigureFold fold = figures.again();
            long last = figures.lastSequence(day, books.sequence());
            replays.reread(
                    books.shard(),
                    known.offset(),
                    known.firstSequence(),
                    last,
                    (journal, bytes) -> fold.add(journal.entry()));
            fold.forEachRow(expected::add);
            if (expected.isEmpty()) {
                return;
            }
        }
        long from = day * HistoryEntry.MICROS_PER_MILLI;
        long to = (day + FigureFold.DAY_MILLIS) * HistoryEntry.MICROS_PER_MILLI - 1;
        List<HistoryRow> found = new ArrayList<>();
        for (HistoryTable table : TABLES) {
            history.rowsOf(table, books.shard(), from, to, found::add);
        }
        findings.compare(expected, found);
    }
}
