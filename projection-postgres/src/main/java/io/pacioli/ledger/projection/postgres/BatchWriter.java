package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches of different shards beside each other, each in a thread of its own, while their owner reads and folds the next ones. All
 * methods are called from the owner's thread.
 */
final class BatchWriter implements AutoCloseable {
    private final Function<HistoryBatch, HistoryStore.Written> store;
    private final ExecutorService threads = Executors.newCachedThreadPool(Thread.ofPlatform()
            .name(PostgresProjection.NAME + "-writer-", 0)
            .daemon()
            .factory());
    private List<Pending> pending = List.of();

    /** A batch that is being written or has been. */
    private record Pending(HistoryBatch batch, Future<HistoryStore.Written> written) {}

    /** A batch and what became of it. */
    record Settled(HistoryBatch batch, HistoryStore.Written written) {}

    /** @param store writes a batch, however long that takes; thread safe; what it throws is thrown on by {@link #settle()} */
    BatchWriter(Function<HistoryBatch, HistoryStore.Written> store) {
        this.store = store;
    }

    /** Begins to write batches that have no shard in common; those before must be settled. */
    void write(List<HistoryBatch> batches) {
        Invariant.check(pending.isEmpty(), "batches must be settled before the next are written");
        pending = batches.stream()
                .map(batch -> new Pending(batch, threads.submit(() -> store.apply(batch))))
                .toList();
    }

    /** Whether a batch is being written. */
    boolean isBusy() {
        return pending.stream().anyMatch(one -> !one.written().isDone());
    }

    /**
     * Waits until the batches are written, if there are any. When one could not be, the others have been waited for all the same.
     *
     * @return what became of those since the last call
     */
    List<Settled> settle() throws InterruptedException {
        List<Pending> last = pending;
        List<Settled> settled = new ArrayList<>();
        @Nullable Throwable failure = null;
        for (Pending one : last) {
            try {
                settled.add(new Settled(one.batch(), one.written().get()));
            } catch (ExecutionException e) {
                failure = failure == null ? e.getCause() : failure;
            }
        }
        pending = List.of();
        if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        if (failure instanceof Error error) {
            throw error;
        }
        Invariant.check(failure == null, "a store throws what is unchecked only");
        return settled;
    }

    /** Waits until the batches are written or given up. */
    @Override
    public void close() {
        threads.close();
    }
}
