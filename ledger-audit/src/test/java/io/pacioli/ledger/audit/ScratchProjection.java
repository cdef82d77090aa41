package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalData;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A projection on the heap that follows a scratch ledger's journal, in pages or in one snapshot with history, and does so between two pages
 * too. Faults can be planted in it.
 */
final class ScratchProjection implements BalanceSource {
    private final ScratchLedger ledger;
    private final int pages;
    private final Runnable meanwhile;
    private final List<ShardFold> folds = new ArrayList<>();
    private final int[] applied;

    /** What somebody has added to a balance, by shard, account and asset. */
    final Map<String, BigInteger> changed = new HashMap<>();

    /** Rows that somebody has deleted. */
    final List<String> deleted = new ArrayList<>();

    /** Entries that somebody has deleted from the history, or given another hash when there is one. */
    final Map<Position, byte @Nullable []> entries = new HashMap<>();

    /** Postings that somebody has deleted from the history: the first one of the entry. */
    final List<Position> postings = new ArrayList<>();

    /** What somebody has done to the rows of its history. */
    UnaryOperator<HistoryEntry> entryChange = UnaryOperator.identity();

    /** What somebody has done to the rows of its history. */
    UnaryOperator<HistoryPosting> postingChange = UnaryOperator.identity();

    /** What somebody has done to the rows of its other tables: none for one that they deleted, two for one more. */
    Function<HistoryRow, List<HistoryRow>> rowChange = List::of;

    /** Rows that somebody has added to its other tables. */
    final List<HistoryRow> rowsAdded = new ArrayList<>();

    /** How many entries of its history were read. */
    long read;

    /** How far it claims to be ahead of where it is, by shard. */
    final long[] ahead;

    /** Whether it stays where it is. */
    boolean stopped;

    /** How many of the last entries it has left out. */
    int skipped;

    /** Before that time its history keeps nothing. */
    long horizonMillis;

    /** @param pages 1 for a snapshot with history */
    ScratchProjection(ScratchLedger ledger, int pages, Runnable meanwhile) {
        this.ledger = ledger;
        this.pages = pages;
        this.meanwhile = meanwhile;
        applied = new int[ledger.shards()];
        ahead = new long[ledger.shards()];
        KafkaRouter router = new KafkaRouter(ledger.shards());
        for (int shard = 0; shard < ledger.shards(); shard++) {
            ShardBooks books = new ShardBooks(shard, router, new Ledger(router), new KeyedHash(3));
            folds.add(new ShardFold(books, Topics.DEFAULT.journal()));
        }
    }

    @Override
    public String name() {
        return "Scratch";
    }

    @Override
    public boolean hasHistory() {
        return pages == 1;
    }

    @Override
    public BalanceReading open() {
        meanwhile.run();
        for (int shard = 0; shard < folds.size(); shard++) {
            follow(shard, Integer.MAX_VALUE);
        }
        return new Reading();
    }

    /** Applies some more of the journal. */
    private void follow(int shard, int entriesMax) {
        List<byte[]> journal = ledger.journal(shard);
        for (int i = 0; i < entriesMax && !stopped && applied[shard] < journal.size() - skipped; i++) {
            folds.get(shard).apply(journal.get(applied[shard]), 0);
            applied[shard]++;
        }
    }

    private Position position(ShardBooks books) {
        return new Position(books.shard(), books.sequence() + ahead[books.shard()] + skipped);
    }

    static String key(int shard, String account, String asset) {
        return shard + " " + account + " " + asset;
    }

    private final class Reading implements BalanceReading {
        @Override
        public List<Position> positions() {
            return folds.stream().map(fold -> position(fold.books())).toList();
        }

        @Override
        public int pages() {
            return pages;
        }

        @Override
        public void read(int shard, int page, PageVisitor visitor) {
            if (pages > 1) {
                meanwhile.run();
                follow(shard, 7);
            }
            ShardBooks books = folds.get(shard).books();
            if (!visitor.at(position(books))) {
                return;
            }
            for (Account account : books.state().accounts()) {
                if (Math.floorMod(account.id().hashCode(), pages) == page) {
                    for (Holding holding : account.holdings()) {
                        show(shard, account.id(), holding, visitor);
                    }
                }
            }
            changed.forEach((key, amount) -> {
                String[] parts = key.split(" ", -1);
                boolean isHere = Integer.parseInt(parts[0]) == shard
                        && Math.floorMod(parts[1].hashCode(), pages) == page
                        && books.state().account(parts[1]) == null;
                if (isHere) {
                    visitor.holding(parts[1], Holding.empty(parts[2]).with(Bucket.AVAILABLE, amount));
                }
            });
        }

        private void show(int shard, String account, Holding holding, PageVisitor visitor) {
            String key = key(shard, account, holding.asset());
            if (!deleted.contains(key)) {
                BigInteger more = changed.getOrDefault(key, BigInteger.ZERO);
                visitor.holding(
                        account,
                        holding.with(Bucket.AVAILABLE, holding.available().add(more)));
            }
        }

        @Override
        public @Nullable HistoryReading history() {
            return pages == 1 ? new History() : null;
        }

        @Override
        public void close() {}
    }

    private final class History implements HistoryReading {
        @Override
        public long horizonMillis() {
            return horizonMillis;
        }

        @Override
        public void entries(Map<Integer, Long> fromSequences, Consumer<HistoryEntry> visitor) {
            fromSequences.forEach((shard, from) -> entriesOf(shard, from, Long.MAX_VALUE, visitor));
        }

        @Override
        public void postings(Map<Integer, Long> fromSequences, Consumer<HistoryPosting> visitor) {
            fromSequences.forEach((shard, from) -> postingsOf(shard, from, Long.MAX_VALUE, visitor));
        }

        @Override
        public void entriesOf(int shard, long fromSequence, long toSequence, Consumer<HistoryEntry> visitor) {
            for (byte[] record : records(shard, fromSequence, toSequence)) {
                JournalRecord journal = JournalCodec.decode(record);
                Position position = journal.entry().position();
                byte[] planted = entries.get(position);
                if (planted != null || !entries.containsKey(position)) {
                    Hash hash = planted == null ? journal.hash() : Hash.ofBytes(planted);
                    String data = JournalData.find(record).text(record);
                    read++;
                    visitor.accept(entryChange.apply(HistoryEntry.of(journal.entry(), hash, data)));
                }
            }
        }

        @Override
        public void postingsOf(int shard, long fromSequence, long toSequence, Consumer<HistoryPosting> visitor) {
            for (byte[] record : records(shard, fromSequence, toSequence)) {
                Entry entry = JournalCodec.decode(record).entry();
                List<HistoryPosting> rows = HistoryPosting.allOf(entry);
                int from = postings.contains(entry.position()) ? 1 : 0;
                rows.subList(Math.min(from, rows.size()), rows.size()).stream()
                        .map(postingChange)
                        .forEach(visitor);
            }
        }

        @Override
        public void rows(HistoryTable table, Map<Integer, Long> from, Consumer<HistoryRow> visitor) {
            from.forEach((shard, place) -> rowsOf(table, shard, place, Long.MAX_VALUE, visitor));
        }

        @Override
        public void rowsOf(HistoryTable table, int shard, long from, long to, Consumer<HistoryRow> visitor) {
            List<HistoryRow> rows = new ArrayList<>();
            switch (table.order()) {
                case SEQUENCE ->
                    records(shard, from, to)
                            .forEach(record -> rows.addAll(
                                    HistoryRow.allOf(JournalCodec.decode(record).entry())));
                case TIME -> figures(shard, rows::add);
                case NONE -> register(shard, rows::add);
            }
            rows.removeIf(row -> row.table() != table || row.place() < from || row.place() > to);
            rowsAdded.stream()
                    .filter(row -> row.table() == table && row.shard() == shard)
                    .filter(row -> row.place() >= from && row.place() <= to)
                    .forEach(rows::add);
            rows.stream().flatMap(row -> rowChange.apply(row).stream()).forEach(visitor);
        }

        /** Those of all days, of which a fold knows the last. */
        private void figures(int shard, Consumer<HistoryRow> visitor) {
            FigureFold fold = new FigureFold(shard, new KeyedHash(3));
            for (byte[] record : ledger.journal(shard).subList(0, applied[shard])) {
                Entry entry = JournalCodec.decode(record).entry();
                if (fold.dayMillis() != FigureFold.dayOf(entry.atMillis())) {
                    fold.forEachRow(visitor);
                }
                fold.add(entry);
            }
            fold.forEachRow(visitor);
        }

        private void register(int shard, Consumer<HistoryRow> visitor) {
            Register register = new Register();
            for (byte[] record : ledger.journal(shard).subList(0, applied[shard])) {
                register.add(JournalCodec.decode(record).entry());
            }
            AuditShard state = folds.get(shard).books().state();
            register.accountIds().forEach(id -> visitor.accept(Objects.requireNonNull(register.account(id, state))));
            register.assetCodes().forEach(code -> visitor.accept(Objects.requireNonNull(register.asset(code, state))));
        }

        private List<byte[]> records(int shard, long fromSequence, long toSequence) {
            return ledger.journal(shard).subList(0, applied[shard]).stream()
                    .filter(record -> {
                        Entry entry = JournalCodec.decode(record).entry();
                        return entry.sequence() >= fromSequence
                                && entry.sequence() <= toSequence
                                && entry.atMillis() >= horizonMillis;
                    })
                    .toList();
        }
    }
}
