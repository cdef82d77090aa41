package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.gateway.RunningGateway;
import io.pacioli.ledger.testkit.TestServices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures 2,000 streams: 1,000 of accounts and 1,000 of one asset, whose clients are in a process of their own. Not a test: run its
 * {@code main}, with 2 GiB of heap, as it keeps all that it writes.
 */
final class StreamBench {
    private static final int SHARDS = 6;
    private static final int STREAMS = 1_000;
    private static final int WARM_UP = 100;
    private static final int TRANSFERS = 300;
    private static final long INTERVAL_NANOS = 100_000_000;
    private static final int TAIL_TRANSFERS = 40_000;
    private static final int TAIL_BATCH = 2_000;

    private StreamBench() {}

    /** Without arguments the server, with a server's address its clients. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            serve();
        } else {
            watch(URI.create(arguments[0]));
        }
        System.exit(0);
    }

    private static void serve() throws Exception {
        String kafka = TestServices.kafka().bootstrapServers();
        Topics topics = Topics.withPrefix(TestServices.kafka().freshPrefix() + "bench");
        try (WrittenJournal journal = new WrittenJournal(kafka, topics, SHARDS, 1);
                RunningGateway gateway = RunningGateway.start(RunningGateway.settings(kafka, topics))
                        .awaitReady()) {
            journal.define("GOLD");
            for (int i = 0; i < STREAMS; i++) {
                journal.mint("GOLD", "u" + i, "100000");
            }
            journal.write();
            StreamClient.open(gateway.uri(), StreamClient.asset("GOLD")).close();
            RunningGateway.await(() -> gateway.figure("ledger.streams.open") == 0);
            long usedBefore = usedBytes();
            Process clients = clients(gateway.uri());
            try (BufferedReader told =
                    new BufferedReader(new InputStreamReader(clients.getInputStream(), StandardCharsets.UTF_8))) {
                System.out.println(told.readLine());
                System.out.printf(
                        "%,.0f streams open, %,d heap bytes each, %d threads%n",
                        gateway.figure("ledger.streams.open"),
                        (usedBytes() - usedBefore) / (2 * STREAMS),
                        ManagementFactory.getThreadMXBean().getThreadCount());
                transfers(journal);
                System.out.println(told.readLine());
            }
            clients.waitFor();
            RunningGateway.await(() -> gateway.figure("ledger.streams.open") == 0);
            tail(journal, gateway);
        }
    }

    private static Process clients(URI server) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamBench.class.getName(),
                        server.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Ten a second, each in a transaction of its own, dated by their memo just before it is written. */
    private static void transfers(WrittenJournal journal) {
        long nextNanos = System.nanoTime();
        long[] commitNanos = new long[TRANSFERS];
        for (int i = 0; i < WARM_UP + TRANSFERS; i++) {
            nextNanos += INTERVAL_NANOS;
            LockSupport.parkNanos(nextNanos - System.nanoTime());
            long startNanos = System.nanoTime();
            journal.transfer("GOLD", "u" + i % STREAMS, "u" + (i + 1) % STREAMS, "1", Long.toString(startNanos));
            journal.write();
            if (i >= WARM_UP) {
                commitNanos[i - WARM_UP] = System.nanoTime() - startNanos;
            }
        }
        System.out.println("write and commit: " + percentiles(commitNanos));
    }

    /** What the tail costs alone: one account is watched on each shard, and next to no entry concerns it. */
    private static void tail(WrittenJournal journal, RunningGateway gateway) throws IOException {
        try (StreamClient one = StreamClient.open(gateway.uri(), StreamClient.asset("SILVER"))) {
            one.next();
            for (int round = 0; round < 3; round++) {
                double behind = cpuNanos("gateway-journal-tail");
                long before = entries(journal);
                for (int i = 0; i < TAIL_TRANSFERS / TAIL_BATCH; i++) {
                    for (int j = 0; j < TAIL_BATCH; j++) {
                        journal.transfer("GOLD", "u" + j % STREAMS, "u" + (j + 1) % STREAMS, "1");
                    }
                    journal.write();
                }
                RunningGateway.await(() -> gateway.figure("ledger.streams.lag") == 0);
                System.out.printf(
                        "tail: %.1f us of CPU an entry (%,d entries)%n",
                        (cpuNanos("gateway-journal-tail") - behind) / 1_000 / (entries(journal) - before),
                        entries(journal) - before);
            }
        }
    }

    private static long entries(WrittenJournal journal) {
        long entries = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            entries += journal.end(shard).sequence();
        }
        return entries;
    }

    private static long cpuNanos(String thread) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (info != null && info.getThreadName().equals(thread)) {
                nanos += threads.getThreadCpuTime(info.getThreadId());
            }
        }
        return nanos;
    }

    private static long usedBytes() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void watch(URI server) throws Exception {
        ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
        CountDownLatch opened = new CountDownLatch(2 * STREAMS);
        CountDownLatch done = new CountDownLatch(STREAMS);
        long startNanos = System.nanoTime();
        for (int i = 0; i < STREAMS; i++) {
            String account = StreamClient.account("u" + i);
            Thread.ofVirtual().start(() -> read(server, account, Integer.MAX_VALUE, opened, nanos));
            Thread.ofVirtual().start(() -> {
                read(server, StreamClient.asset("GOLD"), WARM_UP + TRANSFERS, opened, nanos);
                done.countDown();
            });
        }
        opened.await();
        System.out.printf("opened within %,d ms%n", (System.nanoTime() - startNanos) / 1_000_000);
        done.await();
        System.out.println("write to event at a client: "
                + percentiles(nanos.stream().mapToLong(Long::longValue).toArray()));
    }

    /** Until it has heard of so many entries; those of the warm-up do not count. */
    private static void read(
            URI server, String path, int entries, CountDownLatch opened, ConcurrentLinkedQueue<Long> nanos) {
        try (StreamClient client = StreamClient.open(server, path)) {
            client.next();
            opened.countDown();
            int seen = 0;
            for (StreamClient.Event event = client.next(); event != null; event = client.next()) {
                seen++;
                if (seen > WARM_UP) {
                    nanos.add(System.nanoTime() - event.json().path("memo").asLong());
                }
                if (seen >= entries) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String percentiles(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                "p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms (%,d)",
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 9 / 10] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6,
                nanos.length);
    }
}
