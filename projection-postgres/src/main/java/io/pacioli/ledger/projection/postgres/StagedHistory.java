package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.service.rebuild.RebuildException;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.ShardJournal;
import org.jooq.exception.DataAccessException;

/** One shard's history that is written from its journal to another database, up to exactly where somebody wants it. Not thread safe. */
final class StagedHistory implements AutoCloseable {
    private static final int BATCH_ENTRIES_MAX = 20_000;
    private static final long BATCH_BYTES_MAX = 24L << 20;

    private final ShardJournal journal;
    private final RebuildProgress progress;
    private HistoryStore store;
    private StoredPosition tip;

    /** @param store has nothing of the shard */
    StagedHistory(ShardJournal journal, HistoryStore store, RebuildProgress progress) {
        this.journal = journal;
        this.store = store;
        this.progress = progress;
        tip = StoredPosition.none(journal.shard());
    }

    /** Goes on by another way to the same database. */
    void continueIn(HistoryStore other) {
        store = other;
    }

    /** Where it stands. */
    StoredPosition tip() {
        return tip;
    }

    /**
     * Writes all entries up to a sequence; fewer when the journal, as it is now, ends before.
     *
     * @return whether it stands there
     */
    boolean advanceTo(long sequence) {
        if (sequence > tip.sequence()) {
            write(sequence);
        }
        return tip.sequence() == sequence;
    }

    /** Writes all entries that there are now. */
    void advanceToEnd() {
        write(Long.MAX_VALUE);
    }

    private void write(long last) {
        long end = journal.end();
        progress.total(journal.shard(), end - journal.beginning());
        try {
            while (tip.sequence() < last && journal.peekBefore(end) != null) {
                HistoryBatch batch = batch(last, end);
                if (!(store.write(batch) instanceof HistoryStore.Written.Committed)) {
                    throw new RebuildException("somebody else writes to the database that is being built");
                }
                tip = batch.runs().iterator().next().end();
                progress.at(journal.shard(), journal.offset() - journal.beginning());
            }
        } catch (InvariantViolation | MalformedException e) {
            throw new RebuildException("the journal is damaged: shard " + journal.shard() + ": " + e.getMessage(), e);
        } catch (DataAccessException e) {
            throw new RebuildException("PostgreSQL failed: " + Failures.reason(e), e);
        }
    }

    private HistoryBatch batch(long last, long end) {
        HistoryBatch batch = new HistoryBatch();
        long sequence = tip.sequence();
        while (sequence < last
                && batch.size() < BATCH_ENTRIES_MAX
                && batch.bytes() < BATCH_BYTES_MAX
                && journal.peekBefore(end) != null) {
            ShardJournal.Read read = journal.take();
            batch.add(read.journal(), read.bytes(), journal.shard(), read.offset());
            sequence = read.journal().entry().sequence();
        }
        return batch;
    }

    @Override
    public void close() {
        journal.close();
    }
}
