package io.pacioli.ledger.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Clients that ask for balances over HTTP at a fixed rate. Latency runs from when a request was due, whether or not the client kept
 * up, until its body has been read.
 */
final class BalanceReads {
    private static final int CLIENTS = 16;
    private static final int OK = 200;
    private static final long HIGHEST_LATENCY_MICROS = TimeUnit.MINUTES.toMicros(1);

    private final URI api;
    private final int accounts;
    private final int rate;
    private final int seconds;
    private final AtomicLong failed = new AtomicLong();

    BalanceReads(URI api, int accounts, int rate, int seconds) {
        this.api = api;
        this.accounts = accounts;
        this.rate = rate;
        this.seconds = seconds;
    }

    /**
     * Asks until the time is over.
     *
     * @return latencies in microseconds
     * @throws IllegalStateException when an answer was no balance
     */
    Histogram run() {
        ConcurrentHistogram histogram = new ConcurrentHistogram(HIGHEST_LATENCY_MICROS, 3);
        long start = System.nanoTime();
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int first = 0; first < CLIENTS; first++) {
                int number = first;
                clients.execute(() -> ask(client, number, start, histogram));
            }
        }
        if (failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " of " + rate * seconds + " balances could not be read");
        }
        return histogram;
    }

    /** Every {@code CLIENTS}th request, one after the other. */
    private void ask(HttpClient client, int first, long start, Histogram histogram) {
        SplittableRandom random = new SplittableRandom(first);
        for (int i = first; i < rate * seconds; i += CLIENTS) {
            long due = start + i * TimeUnit.SECONDS.toNanos(1) / rate;
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            URI uri = api.resolve("/v1/accounts/" + BenchWorkload.account(random.nextInt(accounts)) + "/balances");
            try {
                HttpResponse<byte[]> response =
                        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
                if (response.statusCode() != OK) {
                    failed.incrementAndGet();
                }
            } catch (IOException e) {
                failed.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            histogram.recordValue((System.nanoTime() - due) / 1_000);
        }
    }
}
