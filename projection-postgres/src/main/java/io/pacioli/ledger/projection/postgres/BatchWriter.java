package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Invariant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch at a time in a thread of its own, while its owner reads and folds the next one. All methods are called from the
 * owner's thread.
 */
final class BatchWriter implements AutoCloseable {
    private final Function<HistoryBatch, HistoryStore.Written> store;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name(PostgresProjection.NAME + "-writer").daemon().factory());
    private @Nullable Pending pending;

    /** A batch that is being written or has been. */
    private record Pending(HistoryBatch batch, Future<HistoryStore.Written> written) {}

    /** A batch and what became of it. */
    record Settled(HistoryBatch batch, HistoryStore.Written written) {}

    /** @param store writes a batch, however long that takes; what it throws is thrown on by {@link #settle()} */
    BatchWriter(Function<HistoryBatch, HistoryStore.Written> store) {
        this.store = store;
    }

    /** Begins to write a batch; the one before must be settled. */
    void write(HistoryBatch batch) {
        Invariant.check(pending == null, "one batch must be settled before the next is written");
        pending = new Pending(batch, thread.submit(() -> store.apply(batch)));
    }

    /** Whether a batch is being written. */
    boolean isBusy() {
        return pending != null && !pending.written().isDone();
    }

    /**
     * Waits until the batch is written, if there is one.
     *
     * @return what became of it; null when there is none since the last call
     */
    @Nullable
    Settled settle() throws InterruptedException {
        if (pending == null) {
            return null;
        }
        Pending last = pending;
        try {
            Settled settled = new Settled(last.batch(), last.written().get());
            pending = null;
            return settled;
        } catch (ExecutionException e) {
            pending = null;
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                default -> throw new IllegalStateException(e);
            }
        }
    }

    /** Waits until the batch is written or given up. */
    @Override
    public void close() {
        thread.close();
    }
}
