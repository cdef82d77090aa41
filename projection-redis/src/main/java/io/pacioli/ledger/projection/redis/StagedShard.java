package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.service.rebuild.RebuildException;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.ShardJournal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard that is built from its journal beside the one that queries read, by the same batches and the same script, up to exactly
 * where somebody wants it. Publishes nothing. Not thread safe.
 */
final class StagedShard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StagedShard.class);

    /** Batches that Redis has not answered yet. */
    private static final int IN_FLIGHT_MAX = 8;

    private final ShardJournal journal;
    private final ProjectionStore store;
    private final @Nullable Predicate<String> wanted;
    private final RebuildProgress progress;
    private final Deque<Sent> sent = new ArrayDeque<>();
    private final Set<String> ranked = new TreeSet<>();
    private final long firstOffset;
    private StorePosition tip;
    private boolean isLost;

    private record Sent(StorePosition to, CompletableFuture<String> answer) {}

    private StagedShard(
            ShardJournal journal, ProjectionStore store, @Nullable Predicate<String> wanted, RebuildProgress progress) {
        this.journal = journal;
        this.store = store;
        this.wanted = wanted;
        this.progress = progress;
        firstOffset = journal.beginning();
        tip = StorePosition.beginning(firstOffset, firstOffset);
    }

    /**
     * Takes away what an earlier rebuild has left, and stands before the first entry.
     *
     * @param store where it is built
     * @throws RedisException when Redis does not answer
     */
    static StagedShard begin(ShardJournal journal, ProjectionStore store, RebuildProgress progress) {
        return begin(journal, store, null, progress);
    }

    /**
     * The same with some accounts only.
     *
     * @param wanted which; null for all
     */
    static StagedShard begin(
            ShardJournal journal, ProjectionStore store, @Nullable Predicate<String> wanted, RebuildProgress progress) {
        StagedShard staged = new StagedShard(journal, store, wanted, progress);
        store.remove(journal.shard());
        String stored = store.clear(journal.shard(), "", staged.tip);
        if (!stored.equals(staged.tip.text())) {
            throw staged.lost(stored);
        }
        return staged;
    }

    private RebuildException lost(String stored) {
        isLost = true;
        return new RebuildException("another rebuild of this store is under way: what this one built is at " + stored);
    }

    int shard() {
        return journal.shard();
    }

    /** Where it stands. */
    StorePosition tip() {
        return tip;
    }

    /** The assets that it has leaderboards of. */
    Set<String> ranked() {
        return ranked;
    }

    /**
     * Folds all entries up to a sequence; fewer when the journal, as it is now, ends before. Redis may not have the last of them yet,
     * but has them before whatever it is told next.
     *
     * @return whether it stands there
     * @throws RedisException when Redis does not answer
     */
    boolean advanceTo(long sequence) {
        if (sequence > tip.sequence()) {
            fold(sequence, journal.isAtHand(sequence) ? Long.MAX_VALUE : end());
        }
        return tip.sequence() == sequence;
    }

    /** Folds all entries that there are now. */
    void advanceToEnd() {
        fold(Long.MAX_VALUE, end());
    }

    private long end() {
        long end = journal.end();
        progress.total(shard(), end - firstOffset);
        return end;
    }

    /** Reads ahead what is there, so that it need not be waited for. */
    void fetch() {
        journal.fetch();
    }

    /**
     * Waits until Redis has all of it.
     *
     * @throws RedisException when Redis does not answer
     */
    void settle() {
        while (!sent.isEmpty()) {
            settleFirst();
        }
    }

    private void fold(long last, long end) {
        try {
            while (tip.sequence() < last && journal.peekBefore(end) != null) {
                send(batch(last, end));
                progress.at(shard(), journal.offset() - firstOffset);
            }
        } catch (InvariantViolation e) {
            throw new RebuildException("the journal is damaged: shard " + shard() + ": " + e.getMessage(), e);
        }
    }

    private ShardBatch batch(long last, long end) {
        ShardBatch batch = wanted == null ? new ShardBatch(shard(), tip, false) : ShardBatch.only(shard(), tip, wanted);
        while (!batch.isFull() && batch.to().sequence() < last && journal.peekBefore(end) != null) {
            ShardJournal.Read read = journal.take();
            batch.add(read.journal(), read.offset(), read.bytes().length);
        }
        return batch;
    }

    private void send(ShardBatch batch) {
        if (sent.size() >= IN_FLIGHT_MAX) {
            settleFirst();
        }
        sent.add(new Sent(batch.to(), store.apply(batch)));
        ranked.addAll(batch.ranked());
        tip = batch.to();
    }

    private void settleFirst() {
        Sent first = sent.removeFirst();
        String stored = store.await(first.answer());
        if (!stored.equals(first.to().text())) {
            throw lost(stored);
        }
    }

    /** Takes away what it has built, unless that is another rebuild's by now; should Redis fail, it stays for the next rebuild to do so. */
    @Override
    public void close() {
        if (isLost) {
            return;
        }
        try {
            store.remove(shard());
        } catch (RedisException e) {
            LOG.warn(
                    "What was built of shard {} beside the live one stays in Redis until the next rebuild", shard(), e);
        }
    }
}
