package io.pacioli.ledger.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DataFormatException;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Clients that ask for balances over HTTP at a fixed rate, in a process of their own: the pauses of the ledger's would count as latency
 * otherwise. Latency runs from when a request was due, whether or not the client kept
 * up, until its body has been read.
 */
final class BalanceReads {
    private static final int CLIENTS = 16;

    /** Room for what a run of seconds makes, for a collection of the clients' garbage is no latency of the ledger's. */
    private static final String YOUNG_ENOUGH = "-Xmn1g";

    private static final long HIGHEST_LATENCY_MICROS = TimeUnit.MINUTES.toMicros(1);

    private final URI api;
    private final int accounts;
    private final int rate;
    private final int seconds;
    private final AtomicLong failed = new AtomicLong();

    static {
        // Read by the JDK at the first request; 5 otherwise, and every other client would connect anew for each.
        System.setProperty("http.maxConnections", Integer.toString(CLIENTS));
    }

    private BalanceReads(URI api, int accounts, int rate, int seconds) {
        this.api = api;
        this.accounts = accounts;
        this.rate = rate;
        this.seconds = seconds;
    }

    /**
     * Asks for as long to warm up, and then until the time is over.
     *
     * @return latencies in microseconds
     * @throws IllegalStateException when an answer was no balance
     */
    static Histogram measure(URI api, int accounts, int rate, int seconds) {
        try {
            Process clients = OwnProcess.start(
                    BalanceReads.class,
                    List.of("-XX:+UseSerialGC", YOUNG_ENOUGH),
                    Map.of(),
                    api.toString(),
                    Integer.toString(accounts),
                    Integer.toString(rate),
                    Integer.toString(seconds));
            String line = clients.inputReader().readLine();
            if (line == null) {
                throw new IllegalStateException("balances could not be read");
            }
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(line)), HIGHEST_LATENCY_MICROS);
        } catch (IOException | DataFormatException e) {
            throw new IllegalStateException("balances could not be read", e);
        }
    }

    /** @param arguments the address of the API, how many accounts there are, requests a second, and seconds */
    @SuppressWarnings("SystemOut") // standard output is what the starter reads
    public static void main(String... arguments) {
        BalanceReads reads = new BalanceReads(
                URI.create(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]));
        reads.run();
        Histogram histogram = reads.run();
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        System.out.println(Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length)));
    }

    private Histogram run() {
        ConcurrentHistogram histogram = new ConcurrentHistogram(HIGHEST_LATENCY_MICROS, 3);
        long start = System.nanoTime();
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int first = 0; first < CLIENTS; first++) {
                int number = first;
                clients.execute(() -> ask(number, start, histogram));
            }
        }
        if (failed.get() > 0) {
            throw new IllegalStateException(failed.get() + " of " + rate * seconds + " balances could not be read");
        }
        return histogram;
    }

    /** Every {@code CLIENTS}th request, one after the other. */
    private void ask(int first, long start, Histogram histogram) {
        SplittableRandom random = new SplittableRandom(first);
        for (int i = first; i < rate * seconds; i += CLIENTS) {
            long due = Pacing.await(start, i, rate);
            String account = BenchWorkload.account(random.nextInt(accounts));
            try {
                read(api.resolve("/v1/accounts/" + account + "/balances"));
            } catch (IOException e) {
                failed.incrementAndGet();
            }
            histogram.recordValue((System.nanoTime() - due) / 1_000);
        }
    }

    /** Blocks on a connection that is kept open: the cheapest client of the JDK, for clients share the machine with what they measure. */
    private static void read(URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        // Throws for every status of an error.
        try (InputStream body = connection.getInputStream()) {
            body.transferTo(OutputStream.nullOutputStream());
        }
    }
}
