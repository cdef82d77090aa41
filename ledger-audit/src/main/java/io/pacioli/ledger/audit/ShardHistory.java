package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.JournalData;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a projection keeps of one shard, held against the journal block by block by their digests, and row by row in a block that differs.
 * Of a history that goes back to some horizon only, what lies before is left out, and the block that the horizon divides is compared row by
 * row. What an earlier audit has compared, and kept a state of, is not read again.
 */
final class ShardHistory {
    /** Blocks that differ and are looked into; more are told as blocks. */
    private static final int BLOCKS_LOOKED_INTO_MAX = 8;

    /** What has rows of entries besides. */
    static final List<HistoryTable> TABLES = List.of(HistoryTable.REJECTIONS, HistoryTable.METADATA);

    private final HistoryReading history;
    private final ShardBooks books;
    private final HistoryDigest digest;
    private final KeyedHash hash;
    private final HistoryFindings findings;
    private final Reconciliation.Replays replays;
    private final long horizonMillis;
    private final int firstBlock;
    private final int firstWhole;
    private final long[] digests;
    private long entries;

    /** The first entry that is kept. */
    private long keptFrom = 1;

    ShardHistory(HistoryReading history, ShardBooks books, HistoryFindings findings, Reconciliation.Replays replays) {
        this.history = history;
        this.books = books;
        this.findings = findings;
        this.replays = replays;
        digest = books.history().entries();
        hash = books.state().hash();
        horizonMillis = history.horizonMillis();
        digests = new long[digest.blocks()];
        firstBlock = Math.min(digest.block(replays.comparedTo(books.shard()) + 1), digest.blocks());
        firstWhole = firstWholeBlock();
    }

    /** The sequence from which on rows are to be read. */
    long fromSequence() {
        return firstBlock == 0 ? Long.MIN_VALUE : first(firstBlock);
    }

    long entries() {
        return entries;
    }

    /** How many entries the source does not keep any more. */
    long notKept() {
        return keptFrom - 1;
    }

    void entry(HistoryEntry row) {
        entries++;
        if (isKnown(row.sequence())) {
            digests[digest.block(row.sequence())] += digest.digest(row);
        } else {
            findings.add(row.sequence(), null, "must not have an entry that the journal does not have", "", "an entry");
        }
    }

    void posting(HistoryPosting row) {
        if (isKnown(row.sequence())) {
            digests[digest.block(row.sequence())] += digest.digest(row);
        } else {
            String rule = "must not have a posting that the journal does not have";
            findings.add(row.sequence(), row.place(), rule, "", row.amount());
        }
    }

    void row(HistoryRow row) {
        if (isKnown(row.place())) {
            digests[digest.block(row.place())] += HistoryDigest.digest(row, hash);
        } else {
            findings.needless(row);
        }
    }

    private boolean isKnown(long sequence) {
        return sequence >= 1 && sequence <= books.sequence();
    }

    /** All rows were read. */
    void finish() {
        if (firstWhole > 0) {
            keptFrom = Math.min(first(firstWhole), books.sequence() + 1);
            if (firstWhole > firstBlock) {
                lookInto(firstWhole - 1);
            }
        }
        int looked = 0;
        for (int block = Math.max(firstBlock, firstWhole); block < digests.length; block++) {
            if (digests[block] != digest.digestOf(block)) {
                long before = findings.named();
                if (looked++ < BLOCKS_LOOKED_INTO_MAX) {
                    lookInto(block);
                }
                if (findings.named() == before) {
                    String rule = "must have the journal's entries up to " + last(block);
                    findings.add(first(block), null, rule, "", "others");
                }
            }
        }
    }

    /** The first block that is kept from its beginning on; all behind it are. */
    private int firstWholeBlock() {
        int block = 0;
        while (block < digest.blocks() && digest.beginningOf(block) < horizonMillis) {
            block++;
        }
        return block;
    }

    private long first(int block) {
        return block * digest.blockEntries() + 1;
    }

    private long last(int block) {
        return Math.min((block + 1) * digest.blockEntries(), books.sequence());
    }

    /** Names the rows of a block that differ, by reading that part of the journal again. */
    private void lookInto(int block) {
        long from = first(block);
        long to = last(block);
        Map<Long, HistoryEntry> found = new HashMap<>();
        Map<Long, List<HistoryPosting>> postings = new HashMap<>();
        history.entriesOf(books.shard(), from, to, row -> {
            if (found.put(row.sequence(), row) != null) {
                findings.add(row.sequence(), null, "must have an entry once", "1", "2");
            }
        });
        history.postingsOf(
                books.shard(),
                from,
                to,
                row -> postings.computeIfAbsent(row.sequence(), sequence -> new ArrayList<>())
                        .add(row));
        Map<Long, List<HistoryRow>> rows = new HashMap<>();
        for (HistoryTable table : TABLES) {
            history.rowsOf(
                    table,
                    books.shard(),
                    from,
                    to,
                    row -> rows.computeIfAbsent(row.place(), place -> new ArrayList<>())
                            .add(row));
        }
        replays.reread(books.shard(), digest.offsetOf(block), from, to, (journal, bytes) -> {
            Entry entry = journal.entry();
            if (entry.atMillis() >= horizonMillis) {
                keptFrom = Math.min(keptFrom, entry.sequence());
                String data = JournalData.find(bytes).text(bytes);
                compare(HistoryEntry.of(entry, journal.hash(), data), found.get(entry.sequence()));
                compare(
                        entry.sequence(),
                        HistoryPosting.allOf(entry),
                        postings.getOrDefault(entry.sequence(), List.of()));
                findings.compare(HistoryRow.allOf(entry), rows.getOrDefault(entry.sequence(), List.of()));
            }
        });
    }

    private void compare(HistoryEntry expected, @Nullable HistoryEntry found) {
        if (found == null) {
            findings.add(expected.sequence(), null, "must have each entry of the journal", expected.hash(), "");
            return;
        }
        differ(expected.sequence(), null, "hash", expected.hash(), found.hash());
        differ(expected.sequence(), null, "type", expected.type(), found.type());
        differ(expected.sequence(), null, "time in microseconds", expected.atMicros(), found.atMicros());
        differ(expected.sequence(), null, "command id", expected.commandId(), found.commandId());
        differ(expected.sequence(), null, "cause", expected.cause(), found.cause());
        differ(expected.sequence(), null, "kind", expected.kind(), found.kind());
        differ(expected.sequence(), null, "whether it is an outcome", expected.isOutcome(), found.isOutcome());
        if (!findings.isSameJson(expected.data(), found.data())) {
            differ(expected.sequence(), null, "data", expected.data(), found.data());
        }
    }

    private void compare(long sequence, List<HistoryPosting> expected, List<HistoryPosting> found) {
        List<HistoryPosting> others = new ArrayList<>(found);
        for (HistoryPosting wanted : expected) {
            HistoryPosting row = others.stream()
                    .filter(other -> other.account().equals(wanted.account()) && other.version() == wanted.version())
                    .findFirst()
                    .orElse(null);
            if (row == null) {
                findings.add(sequence, wanted.place(), "must have each posting of the journal", wanted.amount(), "");
            } else {
                others.remove(row);
                compare(wanted, row);
            }
        }
        for (HistoryPosting other : others) {
            findings.add(
                    sequence,
                    other.place(),
                    "must not have a posting that the journal does not have",
                    "",
                    other.amount());
        }
    }

    private void compare(HistoryPosting expected, HistoryPosting found) {
        long sequence = expected.sequence();
        String place = expected.place();
        differ(sequence, place, "posting", place, found.place());
        differ(sequence, place, "amount", expected.amount(), found.amount());
        differ(sequence, place, "balance after it", expected.balance(), found.balance());
        differ(sequence, place, "time in microseconds", expected.atMicros(), found.atMicros());
        differ(sequence, place, "counterparty", expected.counterparty(), found.counterparty());
    }

    private void differ(
            long sequence, @Nullable String place, String what, @Nullable Object expected, @Nullable Object found) {
        if (!Objects.equals(expected, found)) {
            findings.add(sequence, place, "must have the journal's " + what, text(expected), text(found));
        }
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
