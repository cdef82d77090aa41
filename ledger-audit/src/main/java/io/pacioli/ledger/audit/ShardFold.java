package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.core.Router;
import org.jspecify.annotations.Nullable;

/** The replay of one shard's journal: each record's seal, its place in the chain, and its effect by the ledger's rules. */
final class ShardFold {
    private final int shard;
    private final Router router;
    private final Ledger ledger;
    private final InMemoryShard state;
    private Hash last = Hash.ZERO;
    private long entries;
    private long rejections;
    private @Nullable JournalFault fault;

    ShardFold(int shard, Router router, Ledger ledger) {
        this.shard = shard;
        this.router = router;
        this.ledger = ledger;
        state = new InMemoryShard(shard);
    }

    /** Applies the next record, unless an earlier one was at fault. */
    void apply(byte @Nullable [] record, long offset) {
        if (fault != null) {
            return;
        }
        try {
            apply(record);
        } catch (MalformedException | InvariantViolation e) {
            long next = state.header().sequence() + 1;
            fault = new JournalFault(shard, next, offset, String.valueOf(e.getMessage()));
        }
    }

    private void apply(byte @Nullable [] record) {
        if (record == null) {
            throw new InvariantViolation("a record must have a value");
        }
        JournalRecord journal = JournalCodec.decode(record);
        if (!JournalCodec.isIntact(record)) {
            throw new InvariantViolation("a record's hash must be that of its content: hash=" + journal.hash());
        }
        if (!journal.previous().equals(last)) {
            throw new InvariantViolation("the hash chain must not break: prev=" + journal.previous() + " last=" + last);
        }
        Entry entry = journal.entry();
        checkPlaced(entry);
        ledger.evolve(state, entry);
        last = journal.hash();
        entries++;
        if (entry.event() instanceof Event.CommandRejected) {
            rejections++;
        }
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
            if (!AccountId.isClearing(account) && router.shardOf(account) != shard) {
                throw new InvariantViolation("a posting must be on its account's shard: account=" + account + " shard="
                        + router.shardOf(account));
            }
        }
    }

    InMemoryShard state() {
        return state;
    }

    Hash last() {
        return last;
    }

    long entries() {
        return entries;
    }

    long rejections() {
        return rejections;
    }

    @Nullable
    JournalFault fault() {
        return fault;
    }
}
