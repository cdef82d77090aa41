package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.BenchWorkload;
import io.pacioli.ledger.bench.PacedTransfers;
import io.pacioli.ledger.bench.Pacing;
import io.pacioli.ledger.core.Command;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Clients that wait for each answer, each on a thread and a connection of its own. */
final class BlockingClients {
    private BlockingClients() {}

    /** One connection. */
    interface Client {
        /** @return whether the transfer was accepted */
        boolean transfer(Command.Transfer transfer) throws SQLException;
    }

    /** Makes a transfer that cannot fail in the database unless something is broken. */
    static boolean transfer(Client client, Command.Transfer transfer) {
        try {
            return client.transfer(transfer);
        } catch (SQLException e) {
            throw new IllegalStateException("a transfer failed: " + transfer, e);
        }
    }

    /** Each client sends one transfer after the other until the time is over. */
    static Counts run(List<? extends Client> clients, Load load, Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        return onThreads(clients.size(), number -> run(clients.get(number), load.lane(number), end)).stream()
                .reduce(Counts.NONE, Counts::plus);
    }

    private static Counts run(Client client, BenchWorkload workload, long end) {
        long transfers = 0;
        long accepted = 0;
        while (System.nanoTime() - end < 0) {
            transfers++;
            if (transfer(client, workload.transfer())) {
                accepted++;
            }
        }
        return new Counts(transfers, accepted);
    }

    /** Whichever client is free takes the next transfer. Latency runs from when that was due, so that waiting for a client counts. */
    static Paced paced(List<? extends Client> clients, Load load, int rate, int seconds) {
        Histogram histogram = PacedTransfers.histogram();
        AtomicInteger next = new AtomicInteger();
        int count = rate * seconds;
        long start = System.nanoTime();
        List<Long> accepted = onThreads(clients.size(), number -> {
            BenchWorkload workload = load.lane(number);
            long taken = 0;
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                long due = Pacing.await(start, i, rate);
                if (transfer(clients.get(number), workload.transfer())) {
                    taken++;
                }
                PacedTransfers.record(histogram, due);
            }
            return taken;
        });
        return Paced.answered(new PacedTransfers(
                histogram, accepted.stream().mapToLong(Long::longValue).sum()));
    }

    private static <T> List<T> onThreads(int count, IntFunction<T> task) {
        try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
            List<CompletableFuture<T>> results = IntStream.range(0, count)
                    .mapToObj(number -> CompletableFuture.supplyAsync(() -> task.apply(number), threads))
                    .toList();
            return results.stream().map(CompletableFuture::join).toList();
        }
    }
}
