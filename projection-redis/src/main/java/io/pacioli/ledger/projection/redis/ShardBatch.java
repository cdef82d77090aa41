package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.api.JournalRecord;
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

    private static final int HOLDINGS_EXPECTED = 2;

    private final int shard;
    private final StorePosition from;
    private final Map<String, Map<String, Map<Bucket, BigInteger>>> accounts = new LinkedHashMap<>();
    private final Map<String, String> definitions = new LinkedHashMap<>();
    private StorePosition to;
    private int entries;
    private int changes;
    private long bytes;

    /** An empty batch that continues from a position. */
    ShardBatch(int shard, StorePosition from) {
        this.shard = shard;
        this.from = from;
        this.to = from;
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
            amounts(posting).put(posting.bucket(), posting.balance());
        }
        note(entry.event());
        to = to.after(entry.sequence(), offset, journaled.hash());
        entries++;
        bytes += recordBytes;
    }

    private Map<Bucket, BigInteger> amounts(Posting posting) {
        return holdings(posting.account()).computeIfAbsent(posting.asset(), asset -> {
            changes++;
            return new EnumMap<>(Bucket.class);
        });
    }

    private Map<String, Map<Bucket, BigInteger>> holdings(String account) {
        return accounts.computeIfAbsent(account, added -> new LinkedHashMap<>(HOLDINGS_EXPECTED));
    }

    /** What the store needs of an event besides its postings. */
    private void note(Event event) {
        if (event instanceof Event.AccountOpened e) {
            if (holdings(e.account()).isEmpty()) {
                changes++;
            }
        } else if (event instanceof Event.AssetDefined e) {
            definitions.put(e.asset().code(), AssetDefinition.of(e.asset()).text());
        } else if (event instanceof Event.AssetLearned e) {
            definitions.put(e.asset().code(), AssetDefinition.learned(e.asset()));
        }
    }

    /** With this batch the store has all that was in the journal when it was found empty. */
    void completeRebuild() {
        to = to.complete();
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

    /** Whether the batch would change nothing in the store, not even its position. */
    boolean isEmpty() {
        return to.equals(from);
    }

    boolean isFull() {
        return entries >= ENTRIES_MAX || bytes >= BYTES_MAX || changes() >= CHANGES_MAX;
    }

    /** The call of the script that applies the batch. */
    ScriptCall call(RedisKeys names) {
        List<String> keys = new ArrayList<>(changes() + 8);
        List<String> arguments = new ArrayList<>(3 * changes() + 16);
        Set<String> ranked = ranked();
        keys.add(names.position(shard));
        keys.add(names.assets(shard));
        arguments.add(from.text());
        arguments.add(to.text());
        arguments.add(Integer.toString(definitions.size()));
        arguments.add(Integer.toString(ranked.size()));
        definitions.forEach((asset, definition) -> {
            arguments.add(asset);
            arguments.add(definition);
        });
        for (String asset : ranked) {
            keys.add(names.leaderboard(shard, asset));
            arguments.add(asset);
        }
        accounts.forEach((account, holdings) -> {
            keys.add(names.accounts(shard, account));
            if (holdings.isEmpty()) {
                arguments.addAll(List.of(account, "", ""));
            }
            holdings.forEach((asset, amounts) -> arguments.addAll(List.of(account, asset, text(amounts))));
        });
        return new ScriptCall(keys.toArray(String[]::new), arguments.toArray(String[]::new));
    }

    /** The assets whose leaderboards may change. */
    private Set<String> ranked() {
        Set<String> assets = new LinkedHashSet<>();
        accounts.forEach((account, holdings) -> {
            if (!AccountId.isSystem(account)) {
                assets.addAll(holdings.keySet());
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
