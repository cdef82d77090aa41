package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Definitions;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.RememberedCommand;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.ShardState;
import org.jspecify.annotations.Nullable;

/** The books of one shard as a replay goes on: its state, its place in the hash chain, and what has been counted. Not thread safe. */
final class ShardBooks {
    /** Entries between two looks for what can be forgotten. */
    private static final int FORGET_EVERY = 1_024;

    private final int shard;
    private final Router router;
    private final Ledger ledger;
    private final AuditShard state;
    private ShardState changing;
    private final Clearing clearing;
    private final HistoryFold history;
    private final ClientTotals clients;
    private Hash last = Hash.ZERO;
    private long entries;
    private long rejections;
    private long postings;
    private long firstSequence;
    private long firstAtMillis;
    private long commandSequence;
    private long commandMillis;
    private @Nullable Finding fault;

    ShardBooks(int shard, Router router, Ledger ledger, KeyedHash hash) {
        this(shard, router, ledger, hash, false);
    }

    /** @param hasHistory whether a history is to be compared with it */
    ShardBooks(int shard, Router router, Ledger ledger, KeyedHash hash, boolean hasHistory) {
        this.shard = shard;
        this.router = router;
        this.ledger = ledger;
        state = new AuditShard(shard, hash);
        changing = state;
        history = new HistoryFold(shard, hash, hasHistory);
        clearing = new Clearing();
        clients = new ClientTotals();
    }

    /** Goes on from where an earlier audit has got. */
    ShardBooks(Router router, Ledger ledger, ShardSnapshot snapshot) {
        this.router = router;
        this.ledger = ledger;
        state = snapshot.state();
        changing = state;
        shard = state.header().shard();
        history = snapshot.history();
        clearing = snapshot.clearing();
        clients = ClientTotals.of(state.accounts());
        last = snapshot.last();
        commandSequence = snapshot.commandSequence();
        commandMillis = snapshot.commandMillis();
    }

    /**
     * Applies the next entry, which the caller has found sealed with that hash in a record at that place of the partition.
     *
     * @throws InvariantViolation when it breaks a rule of the books
     */
    void apply(Entry entry, Hash hash, byte[] record, long offset) {
        checkPlaced(entry);
        ledger.evolve(changing, entry);
        clearing.apply(entry);
        clients.add(entry);
        history.add(entry, hash, record, offset);
        last = hash;
        if (entries++ == 0) {
            firstSequence = entry.sequence();
            firstAtMillis = entry.atMillis();
        }
        postings += entry.postings().size();
        if (entry.event() instanceof Event.CommandRejected) {
            rejections++;
        }
        if (entries % FORGET_EVERY == 0) {
            state.forget(commandSequence, commandMillis);
        }
    }

    /** From now on, what entries put into the state is changed on its way, and what is there already is changed now. */
    void change(Definitions definitions) {
        ChangedState changed = new ChangedState(state, definitions);
        changed.begin(id -> router.shardOf(id) == shard);
        changing = changed;
    }

    /** All entries of a command were applied: of what has been forgotten since, no command without an entry can know. */
    void commandDecided() {
        commandSequence = state.header().sequence();
        commandMillis = state.header().atMillis();
    }

    /**
     * Whether a command without an entry was decided before. It came some time after the last command with one; what was remembered then
     * is still known here.
     */
    boolean remembers(Input.CommandInput input) {
        RememberedCommand known = state.command(input.command().id());
        return known != null
                && known.fingerprint().equals(input.fingerprint())
                && known.isRemembered(commandSequence, Math.max(input.atMillis(), commandMillis));
    }

    /** An account's money is on the shard that its id routes to; only clearing accounts are everywhere. */
    private void checkPlaced(Entry entry) {
        if (entry.event() instanceof Event.ShardConfigured e
                && e.configuration().shards() != router.shards()) {
            throw new InvariantViolation("must have as many shards as the journal has partitions: shards="
                    + e.configuration().shards() + " partitions=" + router.shards());
        }
        for (Posting posting : entry.postings()) {
            String account = posting.account();
            // With its first posting an account comes to be, and is there from then on.
            if (posting.version() == 1 && !AccountId.isClearing(account) && router.shardOf(account) != shard) {
                throw new InvariantViolation("a posting must be on its account's shard: account=" + account + " shard="
                        + router.shardOf(account));
            }
        }
    }

    int shard() {
        return shard;
    }

    AuditShard state() {
        return state;
    }

    Clearing clearing() {
        return clearing;
    }

    /** What clients' accounts have in total. */
    ClientTotals clients() {
        return clients;
    }

    /** What a history is compared by. */
    HistoryFold history() {
        return history;
    }

    /** The hash of the last entry. */
    Hash last() {
        return last;
    }

    long sequence() {
        return state.header().sequence();
    }

    long atMillis() {
        return state.header().atMillis();
    }

    /** The sequence of the journal when the last command was decided. */
    long commandSequence() {
        return commandSequence;
    }

    /** The shard's time when the last command was decided. */
    long commandMillis() {
        return commandMillis;
    }

    /** How many entries this replay has applied. */
    long entries() {
        return entries;
    }

    long rejections() {
        return rejections;
    }

    long postings() {
        return postings;
    }

    /** The sequence of the first entry that this replay has applied; 0 before it. */
    long firstSequence() {
        return firstSequence;
    }

    long firstAtMillis() {
        return firstAtMillis;
    }

    /** Where the shard's journal is damaged: nothing behind it was read. Null when all is well. */
    @Nullable
    Finding fault() {
        return fault;
    }

    void fault(Finding found) {
        fault = found;
    }
}
