package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalData;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.Posting;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a number of journal records comes to: rows to append, and for each balance, account and asset the last word. Pure; not
 * thread safe.
 */
final class HistoryBatch {
    private final SortedMap<YearMonth, MonthRows> months = new TreeMap<>();
    private final SortedMap<Integer, ShardRun> runs = new TreeMap<>();
    private final Map<HoldingKey, HoldingChange> holdings = new HashMap<>();
    private final Rollups rollups = new Rollups();
    private final SortedMap<AccountKey, AccountRow> accounts = new TreeMap<>();
    private final List<AssetRow> assets = new ArrayList<>();
    private final List<Long> sequences = new ArrayList<>();
    private final @Nullable Predicate<String> wanted;
    private int size;
    private long bytes;

    /** A batch of everything. */
    HistoryBatch() {
        this(null);
    }

    private HistoryBatch(@Nullable Predicate<String> wanted) {
        this.wanted = wanted;
    }

    /**
     * A batch of the entries that concern some accounts, and of what becomes of these; other entries count only for the gapless run. Its
     * rollups mean nothing.
     */
    static HistoryBatch only(Predicate<String> wanted) {
        return new HistoryBatch(wanted);
    }

    /** Ordered as the primary key is, so that updates walk along the index. */
    record HoldingKey(String account, String asset, int shard) implements Comparable<HoldingKey> {
        /** Whether a client holds it, rather than the ledger itself. */
        boolean isClients() {
            return !AccountId.isSystem(account);
        }

        @Override
        public int compareTo(HoldingKey other) {
            int byAccount = account.compareTo(other.account);
            int byAsset = byAccount != 0 ? byAccount : asset.compareTo(other.asset);
            return byAsset != 0 ? byAsset : Integer.compare(shard, other.shard);
        }
    }

    /** An account on a shard. */
    record AccountKey(String account, int shard) implements Comparable<AccountKey> {
        @Override
        public int compareTo(AccountKey other) {
            int byAccount = account.compareTo(other.account);
            return byAccount != 0 ? byAccount : Integer.compare(shard, other.shard);
        }
    }

    /**
     * An account that came to be, was opened or changed its status.
     *
     * @param opened null when no command in this batch opened it
     * @param status null when this batch alone does not tell: as it was before, but open when it was closed and is opened
     */
    record AccountRow(
            long sinceMillis,
            @Nullable Opening opened,
            @Nullable AccountStatus status) {
        AccountRow with(Opening opening) {
            return new AccountRow(sinceMillis, opening, status == AccountStatus.CLOSED ? AccountStatus.OPEN : status);
        }

        AccountRow with(AccountStatus changed) {
            return new AccountRow(sinceMillis, opened, changed);
        }
    }

    /** When a command opened an account, and the data of that entry in JSON. */
    record Opening(long atMillis, String data) {}

    /** An asset that was defined, with the data of that entry in JSON. */
    record AssetRow(Asset asset, int shard, long sequence, long atMillis, String data) {}

    /**
     * Takes in one record.
     *
     * @param bytesOfRecord its value
     * @param shard the partition that it came from
     * @param offset its offset there
     * @throws io.pacioli.ledger.core.MalformedException when it is no journal entry
     * @throws io.pacioli.ledger.core.InvariantViolation when it is not the next of its shard
     */
    void add(byte[] bytesOfRecord, int shard, long offset) {
        add(JournalCodec.decode(bytesOfRecord), bytesOfRecord, shard, offset);
    }

    /** The same with a record that has been decoded already. */
    void add(JournalRecord journal, byte[] bytesOfRecord, int shard, long offset) {
        Entry entry = journal.entry();
        Invariant.check(
                entry.shard() == shard,
                "an entry must be in the partition of its shard: shard=",
                entry.shard(),
                " partition=",
                shard);
        ShardRun run = runs.get(shard);
        runs.put(shard, run == null ? ShardRun.of(journal, offset) : run.and(journal, offset));
        size++;
        bytes += bytesOfRecord.length;
        if (wanted != null) {
            if (!concerns(entry, wanted)) {
                return;
            }
            sequences.add(entry.sequence());
        }
        JournalData data = JournalData.find(bytesOfRecord);
        months.computeIfAbsent(month(entry.atMillis()), month -> new MonthRows())
                .add(journal, data, bytesOfRecord);
        entry.postings().stream()
                .filter(posting -> wanted == null || wanted.test(posting.account()))
                .forEach(posting -> posting(entry, posting));
        particulars(entry, data, bytesOfRecord);
        rollups.add(entry);
    }

    /** Whether an entry concerns an account that is wanted. */
    private static boolean concerns(Entry entry, Predicate<String> wanted) {
        return entry.postings().stream().anyMatch(posting -> wanted.test(posting.account()))
                || (entry.event() instanceof Event.AccountOpened opened && wanted.test(opened.account()))
                || (entry.event() instanceof Event.AccountFrozen frozen && wanted.test(frozen.account()))
                || (entry.event() instanceof Event.AccountUnfrozen unfrozen && wanted.test(unfrozen.account()))
                || (entry.event() instanceof Event.AccountClosed closed && wanted.test(closed.account()));
    }

    /** The month (UTC) that a time is in. */
    private static YearMonth month(long atMillis) {
        return YearMonth.from(Instant.ofEpochMilli(atMillis).atOffset(ZoneOffset.UTC));
    }

    private void posting(Entry entry, Posting posting) {
        HoldingKey key = new HoldingKey(posting.account(), posting.asset(), entry.shard());
        HoldingChange change = holdings.get(key);
        if (change == null) {
            change = new HoldingChange(entry.atMillis());
            holdings.put(key, change);
            if (key.isClients()) {
                rollups.firstPosting(posting.asset(), entry.shard(), entry.atMillis());
            }
        } else if (key.isClients()) {
            rollups.nextPosting(posting.asset(), entry.shard(), entry.atMillis(), change.lastMillis());
        }
        change.apply(posting, entry.atMillis());
        if (posting.version() == 1) {
            account(entry, posting.account(), row -> row);
        }
    }

    private void particulars(Entry entry, JournalData data, byte[] bytesOfRecord) {
        switch (entry.event()) {
            case Event.AssetDefined e ->
                assets.add(new AssetRow(
                        e.asset(), entry.shard(), entry.sequence(), entry.atMillis(), data.text(bytesOfRecord)));
            case Event.AccountOpened e ->
                account(entry, e.account(), row -> row.with(new Opening(entry.atMillis(), data.text(bytesOfRecord))));
            case Event.AccountFrozen e -> account(entry, e.account(), row -> row.with(AccountStatus.FROZEN));
            case Event.AccountUnfrozen e -> account(entry, e.account(), row -> row.with(AccountStatus.OPEN));
            case Event.AccountClosed e -> account(entry, e.account(), row -> row.with(AccountStatus.CLOSED));
            case Event.CommandRejected e -> {}
            case Event.ShardConfigured e -> {}
            case Event.AssetLearned e -> {}
            case Event.TransferPosted e -> {}
            case Event.TransferSent e -> {}
            case Event.TransferReceived e -> {}
            case Event.TransferRefused e -> {}
            case Event.TransferReturned e -> {}
            case Event.HoldPlaced e -> {}
            case Event.HoldVoided e -> {}
            case Event.HoldExpired e -> {}
            case Event.CommandDeferred e -> {}
            case Event.TransactionPosted e -> {}
            case Event.TransactionBegun e -> {}
            case Event.TransactionPrepared e -> {}
            case Event.TransactionRefused e -> {}
            case Event.TransactionVoted e -> {}
            case Event.TransactionCommitted e -> {}
            case Event.TransactionSettled e -> {}
            case Event.TransactionAborted e -> {}
            case Event.TransactionReleased e -> {}
        }
    }

    /** Notes a change of an account, which comes to be now unless there is a row of it. */
    private void account(Entry entry, String account, UnaryOperator<AccountRow> change) {
        AccountKey key = new AccountKey(account, entry.shard());
        AccountRow before = accounts.getOrDefault(key, new AccountRow(entry.atMillis(), null, null));
        accounts.put(key, change.apply(before));
    }

    /** How many records it holds. */
    int size() {
        return size;
    }

    /** How large the records are together, in bytes. */
    long bytes() {
        return bytes;
    }

    /** What it holds of each shard, by shard. */
    Collection<ShardRun> runs() {
        return Collections.unmodifiableCollection(runs.values());
    }

    /** The sequences of the entries that concern the accounts wanted; empty when all are. */
    List<Long> sequences() {
        return sequences;
    }

    /** The rows to append, by the month (UTC) that they belong to. */
    SortedMap<YearMonth, MonthRows> months() {
        return months;
    }

    /** What became of each holding, in no order. */
    Map<HoldingKey, HoldingChange> holdings() {
        return holdings;
    }

    /** What to add to the figures by hour and day, if none of the holdings has changed in the same period before. */
    Rollups rollups() {
        return rollups;
    }

    /** The accounts that came to be, were opened or changed their status. */
    SortedMap<AccountKey, AccountRow> accounts() {
        return accounts;
    }

    /** The assets that were defined. */
    List<AssetRow> assets() {
        return assets;
    }
}
