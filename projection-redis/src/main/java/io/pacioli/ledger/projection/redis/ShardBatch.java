package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.Notification;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.Posting;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The effect of a run of entries of one shard, folded: as each posting tells the balance after it, only the last one of each
 * account, asset and bucket matters. Not thread safe.
 */
final class ShardBatch {
    /** Entries of a batch. */
    static final int ENTRIES_MAX = 2_000;

    /** Bytes of the records of a batch; one record may exceed it. */
    static final int BYTES_MAX = 1024 * 1024;

    /**
     * Balances that a batch changes; those of the last entry may exceed it. It bounds the arguments of the script, three for each,
     * and the time for which Redis answers nobody else, some milliseconds.
     */
    static final int CHANGES_MAX = 500;

    /**
     * Messages of a batch; those of the last entry may exceed it. It bounds the script as the changes do: three arguments and two
     * channels for each.
     */
    static final int NOTIFICATIONS_MAX = 1_000;

    private static final int HOLDINGS_EXPECTED = 2;

    private final int shard;
    private final StorePosition from;
    private final boolean notifying;
    private final Predicate<String> wanted;
    private final Map<String, Change> accounts = new LinkedHashMap<>();
    private final Map<String, String> definitions = new LinkedHashMap<>();
    private final List<Notification> notifications = new ArrayList<>();
    private StorePosition to;
    private int entries;
    private int changes;
    private long bytes;

    /** What becomes of one account. */
    private static final class Change {
        private final Map<String, Map<Bucket, BigInteger>> holdings = new LinkedHashMap<>(HOLDINGS_EXPECTED);
        private @Nullable StatusChange status;
    }

    /**
     * An empty batch that continues from a position.
     *
     * @param notifying whether what happens is published; nothing is while the store is being rebuilt, as it happened long ago
     */
    ShardBatch(int shard, StorePosition from, boolean notifying) {
        this(shard, from, notifying, account -> true);
    }

    private ShardBatch(int shard, StorePosition from, boolean notifying, Predicate<String> wanted) {
        this.shard = shard;
        this.from = from;
        this.notifying = notifying && !from.isRebuilding();
        this.wanted = wanted;
        this.to = from;
    }

    /** An empty batch that leaves out all accounts but some, and publishes nothing. */
    static ShardBatch only(int shard, StorePosition from, Predicate<String> wanted) {
        return new ShardBatch(shard, from, false, wanted);
    }

    /**
     * Adds the next entry, or nothing when it throws.
     *
     * @param offset of its record
     * @param recordBytes the size of its record
     * @throws io.pacioli.ledger.core.InvariantViolation when it is not the one that follows
     */
    void add(JournalRecord journaled, long offset, int recordBytes) {
        Entry entry = journaled.entry();
        Invariant.check(entry.shard() == shard, "must be of this shard: entry=", entry.shard(), " shard=", shard);
        Invariant.check(
                entry.sequence() == to.sequence() + 1,
                "sequences must be gapless: entry=",
                entry.sequence(),
                " last=",
                to.sequence());
        Invariant.check(
                journaled.previous().equals(to.hash()),
                "an entry must follow the one that the store has applied last: previous=",
                journaled.previous(),
                " last=",
                to.hash());
        for (Posting posting : entry.postings()) {
            if (wanted.test(posting.account())) {
                amounts(posting).put(posting.bucket(), posting.balance());
            }
        }
        note(entry.event());
        if (notifying) {
            notifications.addAll(Notification.of(entry));
        }
        to = to.after(entry.sequence(), offset, journaled.hash());
        entries++;
        bytes += recordBytes;
    }

    private Map<Bucket, BigInteger> amounts(Posting posting) {
        return change(posting.account()).holdings.computeIfAbsent(posting.asset(), asset -> {
            changes++;
            return new EnumMap<>(Bucket.class);
        });
    }

    private Change change(String account) {
        return accounts.computeIfAbsent(account, added -> new Change());
    }

    private void status(String account, StatusChange status) {
        if (!wanted.test(account)) {
            return;
        }
        Change change = change(account);
        if (change.status == null) {
            changes++;
        }
        change.status = status.after(change.status);
    }

    /** What the store needs of an event besides its postings. */
    private void note(Event event) {
        switch (event) {
            case Event.AccountOpened e -> status(e.account(), StatusChange.OPENED);
            case Event.AccountFrozen e -> status(e.account(), StatusChange.FROZEN);
            case Event.AccountUnfrozen e -> status(e.account(), StatusChange.OPEN);
            case Event.AccountClosed e -> status(e.account(), StatusChange.CLOSED);
            case Event.AssetDefined e ->
                definitions.put(e.asset().code(), AssetDefinition.of(e.asset()).text());
            case Event.AssetLearned e -> definitions.put(e.asset().code(), AssetDefinition.learned(e.asset()));
            case Event.ShardConfigured e -> {}
            case Event.TransferPosted e -> {}
            case Event.TransferSent e -> {}
            case Event.TransferReceived e -> {}
            case Event.TransferRefused e -> {}
            case Event.TransferReturned e -> {}
            case Event.CommandRejected e -> {}
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

    /** With this batch the store has all that was in the journal when it was found empty. */
    void completeRebuild() {
        to = to.complete();
    }

    int shard() {
        return shard;
    }

    StorePosition from() {
        return from;
    }

    StorePosition to() {
        return to;
    }

    int entries() {
        return entries;
    }

    int changes() {
        return changes;
    }

    int notifications() {
        return notifications.size();
    }

    /** Whether the batch would change nothing in the store, not even its position. */
    boolean isEmpty() {
        return to.equals(from);
    }

    boolean isFull() {
        return entries >= ENTRIES_MAX
                || bytes >= BYTES_MAX
                || changes >= CHANGES_MAX
                || notifications() >= NOTIFICATIONS_MAX;
    }

    /** The call of the script that applies the batch. */
    ScriptCall call(RedisKeys names) {
        List<String> keys = new ArrayList<>(changes() + 8);
        List<String> arguments = new ArrayList<>(3 * (changes() + notifications()) + 16);
        Set<String> ranked = ranked();
        keys.add(names.position(shard));
        keys.add(names.assets(shard));
        arguments.add(from.text());
        arguments.add(to.text());
        arguments.add(Integer.toString(definitions.size()));
        arguments.add(Integer.toString(ranked.size()));
        arguments.add(Integer.toString(notifications()));
        definitions.forEach((asset, definition) -> {
            arguments.add(asset);
            arguments.add(definition);
        });
        for (String asset : ranked) {
            keys.add(names.leaderboard(shard, asset));
            arguments.add(asset);
        }
        accounts.forEach((account, change) -> {
            keys.add(names.accounts(shard, account));
            if (change.status != null) {
                arguments.addAll(List.of(account, "", change.status.word()));
            }
            change.holdings.forEach((asset, amounts) -> arguments.addAll(List.of(account, asset, text(amounts))));
        });
        for (Notification notification : notifications) {
            String asset = notification.asset();
            arguments.add(names.accountChannel(notification.account()));
            arguments.add(asset == null ? "" : names.assetChannel(asset));
            arguments.add(notification.json());
        }
        return new ScriptCall(keys.toArray(String[]::new), arguments.toArray(String[]::new));
    }

    /** The assets whose leaderboards may change. */
    Set<String> ranked() {
        Set<String> assets = new LinkedHashSet<>();
        accounts.forEach((account, change) -> {
            if (!AccountId.isSystem(account)) {
                assets.addAll(change.holdings.keySet());
            }
        });
        return assets;
    }

    private static String text(Map<Bucket, BigInteger> amounts) {
        StringBuilder text = new StringBuilder();
        amounts.forEach(
                (bucket, balance) -> text.append(StoredAccount.prefix(bucket)).append(Amount.digits(balance)));
        return text.toString();
    }
}
