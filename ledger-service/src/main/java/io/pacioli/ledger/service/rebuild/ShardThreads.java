package io.pacioli.ledger.service.rebuild;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Does something with every shard, with some of them at a time. */
public final class ShardThreads {
    private ShardThreads() {}

    /**
     * Runs a task for each shard, one after the other in each of the threads. The first failure interrupts all others, and is thrown
     * on when they have ended.
     *
     * @return what the tasks returned, by shard
     * @throws RebuildException when interrupted
     */
    public static <T> List<T> forEach(int shards, int threads, IntFunction<T> task) {
        ExecutorService executor = Executors.newFixedThreadPool(
                Math.min(shards, threads),
                Thread.ofPlatform().name("rebuild-", 0).daemon().factory());
        try (executor) {
            ExecutorCompletionService<T> completion = new ExecutorCompletionService<>(executor);
            List<Future<T>> running = new ArrayList<>();
            for (int shard = 0; shard < shards; shard++) {
                int number = shard;
                running.add(completion.submit(() -> task.apply(number)));
            }
            try {
                for (int done = 0; done < shards; done++) {
                    completion.take().get();
                }
                return running.stream().map(Future::resultNow).toList();
            } catch (ExecutionException e) {
                throw rethrown(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RebuildException("interrupted", e);
            } finally {
                executor.shutdownNow();
            }
        }
    }

    private static RuntimeException rethrown(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException failure ? failure : new RebuildException(String.valueOf(cause), e);
    }
}
