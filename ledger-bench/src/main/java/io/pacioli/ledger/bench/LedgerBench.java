package io.pacioli.ledger.bench;

import com.google.errorprone.annotations.FormatMethod;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;

/**
 * Measures a whole ledger on this machine: broker, processor, producer and reader share its cores.
 *
 * <p>Throughput runs from the first produce call until the last outcome has been read from the committed journal. Latency runs from
 * when a transfer was due to be sent, whether or not the sender kept up (no coordinated omission), until its outcome is with the
 * client.
 */
public final class LedgerBench {
    private static final Duration ROUND_MAX = Duration.ofMinutes(5);

    /** All of them go through the shard that issues the asset. */
    private static final int FUNDED_A_SECOND_MIN = 5_000;

    /** A server that has just started compiles what it runs for a while, on the same cores. */
    private static final int READ_WARM_UPS = 1;

    private final BenchSettings settings;
    private final Consumer<String> out;
    private final BenchWorkload workload;

    private LedgerBench(BenchSettings settings, Consumer<String> out) {
        this.settings = settings;
        this.out = out;
        workload = new BenchWorkload(settings.pairs(), settings.seed());
    }

    /**
     * What is to be run.
     *
     * @param out gets the lines of the report as they come
     * @throws IllegalArgumentException when there are too few accounts for the transfers that are asked for
     */
    public static LedgerBench of(BenchSettings settings, Consumer<String> out) {
        return new LedgerBench(settings, out);
    }

    /**
     * Runs the benchmark, which takes a minute or two.
     *
     * @throws IllegalStateException when the ledger does not keep its promises within 5 minutes a round
     */
    public void run() {
        line(
                "%,d shards, %,d accounts, %s, %d processor thread(s), %d cores shared by broker, processor, producer and"
                        + " reader; acks=all, exactly_once_v2, one broker",
                settings.shards(),
                settings.accounts(),
                settings.choice(),
                settings.threads(),
                Runtime.getRuntime().availableProcessors());
        try (BenchLedger ledger =
                        BenchLedger.start(settings.shards(), settings.threads(), settings.stateMemoryBytes());
                Admin admin = Admin.create(Map.of("bootstrap.servers", ledger.bootstrapServers()));
                LedgerClient client = LedgerClient.connect(LedgerClientSettings.of(ledger.bootstrapServers()));
                JournalCounter journal = new JournalCounter(ledger.bootstrapServers())) {
            fund(client, journal);
            TopicBytes before = TopicBytes.now(admin);
            long decidedBefore = journal.decided();
            throughput(client, journal);
            line(
                    "bytes of a transfer in Kafka, compressed: %s",
                    TopicBytes.now(admin).eachSince(before, journal.decided() - decidedBefore));
            if (!settings.decisionsOnly()) {
                latency(client);
                liveBalances(ledger, client, journal);
                history(ledger, journal);
            }
        }
    }

    private void fund(LedgerClient client, JournalCounter journal) {
        client.submit(workload.asset()).join();
        long start = System.nanoTime();
        for (int account = 0; account < settings.accounts(); account++) {
            send(client, workload.fund(account));
        }
        await(journal, settings.accounts(), settings.accounts());
        line("warm-up: %,d accounts funded in %.1f s", settings.accounts(), seconds(start));
    }

    private void throughput(LedgerClient client, JournalCounter journal) {
        List<Double> single = new ArrayList<>();
        List<Double> batched = new ArrayList<>();
        for (int round = 1; round <= settings.rounds(); round++) {
            single.add(round("round " + round, journal, () -> {
                sendSingle(client);
                client.flush();
            }));
            if (settings.batch() > 0) {
                batched.add(round("round " + round + " in batches", journal, () -> {
                    sendBatches(client);
                    client.flush();
                }));
            }
        }
        double singleMedian = Spread.of(single).median();
        line("decided and journaled: median %,.0f transfers/s of %d rounds", singleMedian, settings.rounds());
        if (settings.batch() > 0) {
            double batchedMedian = Spread.of(batched).median();
            line(
                    "in batches, %,d transfers of all shards at a time: median %,.0f transfers/s, %.2f times as many",
                    settings.batch(), batchedMedian, batchedMedian / singleMedian);
        }
    }

    private void sendSingle(LedgerClient client) {
        for (int i = 0; i < settings.transfers(); i++) {
            send(client, workload.transfer());
        }
    }

    private void sendBatches(LedgerClient client) {
        for (int sent = 0; sent < settings.transfers(); sent += settings.batch()) {
            List<Command> commands = new ArrayList<>(settings.batch());
            for (int i = sent; i < Math.min(settings.transfers(), sent + settings.batch()); i++) {
                commands.add(workload.transfer());
            }
            client.sendAll(commands).forEach(LedgerBench::requireAcknowledged);
        }
    }

    /** @return transfers decided a second */
    private double round(String name, JournalCounter journal, Runnable send) {
        long decidedBefore = journal.decided();
        long entriesBefore = journal.entries();
        long bytesBefore = journal.bytes();
        ProcessorTime before = ProcessorTime.now();
        long start = System.nanoTime();
        send.run();
        double produced = seconds(start);
        Await.until(
                "all transfers are decided",
                ROUND_MAX,
                () -> journal.decided() - decidedBefore >= settings.transfers());
        double decided = seconds(start);
        Await.until("all transfers have arrived", ROUND_MAX, () -> journal.inTransit() == 0);
        double arrived = seconds(start);
        line(
                "%s: %,d transfers produced in %.1f s, decided in %.1f s (%,.0f/s), arrived in %.1f s; %,d entries,"
                        + " %.2f entries and %,d journal bytes a transfer, %,d rejected",
                name,
                settings.transfers(),
                produced,
                decided,
                settings.transfers() / decided,
                arrived,
                journal.entries() - entriesBefore,
                (double) (journal.entries() - entriesBefore) / settings.transfers(),
                (journal.bytes() - bytesBefore) / settings.transfers(),
                journal.rejected());
        line(
                "%s: processor time of a transfer %s",
                name, ProcessorTime.now().since(before).each(settings.transfers()));
        return settings.transfers() / decided;
    }

    private void latency(LedgerClient client) {
        paced(client, settings.latencyRate(), settings.latencySeconds());
        Histogram histogram = paced(client, settings.latencyRate(), settings.latencySeconds());
        line(
                "outcome latency at %,d/s: p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms (%,d transfers)",
                settings.latencyRate(),
                millis(histogram, 50),
                millis(histogram, 90),
                millis(histogram, 99),
                histogram.getMaxValue() / 1e3,
                histogram.getTotalCount());
    }

    private Histogram paced(LedgerClient client, int rate, int seconds) {
        return PacedTransfers.run(client, workload, rate, seconds).latency();
    }

    /** Redis is filled from the journal, measured, and then asked while transfers go on. */
    private void liveBalances(BenchLedger ledger, LedgerClient client, JournalCounter journal) {
        long entries = journal.entries();
        ProcessorTime before = ProcessorTime.now();
        long start = System.nanoTime();
        try (LiveBalances balances = LiveBalances.start(ledger.bootstrapServers(), settings.shards())) {
            Await.until("Redis has the journal", ROUND_MAX, () -> balances.entries() >= entries);
            rebuilt("Redis", entries, start, before);
            long bytes = balances.bytes();
            long leaderboard = balances.leaderboardBytes(BenchWorkload.ASSET);
            line(
                    "Redis memory: %,.1f MB for %,d accounts with leaderboard; %.0f bytes a balance and %.0f bytes its place on the"
                            + " leaderboard; 1,000,000 accounts take %,.0f MB",
                    bytes / 1e6,
                    settings.accounts(),
                    (double) (bytes - leaderboard) / settings.accounts(),
                    (double) leaderboard / settings.accounts(),
                    (double) bytes / settings.accounts());
            for (int round = 0; round < READ_WARM_UPS; round++) {
                reads(balances, client, settings.latencyRate());
            }
            for (int transfers : List.of(0, settings.latencyRate() / 4, settings.latencyRate())) {
                Histogram histogram = reads(balances, client, transfers);
                line(
                        "balance reads over HTTP at %,d/s beside %,d transfers/s: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.1f ms"
                                + " (%,d reads)",
                        settings.latencyRate(),
                        transfers,
                        millis(histogram, 50),
                        millis(histogram, 90),
                        millis(histogram, 99),
                        histogram.getMaxValue() / 1e3,
                        histogram.getTotalCount());
            }
        }
    }

    /** @param transfers how many a second go on meanwhile */
    private Histogram reads(LiveBalances balances, LedgerClient client, int transfers) {
        int rate = settings.latencyRate();
        int seconds = settings.latencySeconds();
        return transfers == 0
                ? balances.reads(settings.accounts(), rate, seconds)
                : balances.readsBeside(() -> paced(client, transfers, 1), settings.accounts(), rate, seconds);
    }

    private void history(BenchLedger ledger, JournalCounter journal) {
        long entries = journal.entries();
        ProcessorTime before = ProcessorTime.now();
        long start = System.nanoTime();
        try (StoredHistory history = StoredHistory.start(ledger.bootstrapServers(), settings.shards())) {
            Await.until("PostgreSQL has the journal", ROUND_MAX, () -> history.entries() >= entries);
            rebuilt("PostgreSQL", entries, start, before);
            line("PostgreSQL on disk: %,.0f bytes an entry", (double) history.bytes() / entries);
            RebuildReport report = history.rebuild();
            double seconds = report.duration().toNanos() / 1e9;
            line(
                    "PostgreSQL rebuilt beside itself from %,d entries in %.1f s, compared and swapped: %,.0f entries/s; %,d differences",
                    report.entries(), seconds, report.entries() / seconds, report.differences());
        }
    }

    private void rebuilt(String store, long entries, long startNanos, ProcessorTime before) {
        double seconds = seconds(startNanos);
        line(
                "%s rebuilt from %,d entries in %.1f s, its start included: %,.0f entries/s",
                store, entries, seconds, entries / seconds);
        line(
                "%s: processor time of an entry %s",
                store, ProcessorTime.now().since(before).each(entries));
    }

    private static void send(LedgerClient client, Command command) {
        requireAcknowledged(client.send(command));
    }

    private static void requireAcknowledged(CompletableFuture<?> acknowledged) {
        acknowledged.exceptionally(failure -> {
            throw new IllegalStateException("a command was not acknowledged", failure);
        });
    }

    private static void await(JournalCounter journal, long decided, int accounts) {
        Await.until(
                accounts + " accounts are funded",
                ROUND_MAX.plusSeconds(accounts / FUNDED_A_SECOND_MIN),
                () -> journal.decided() >= decided && journal.inTransit() == 0);
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1e3;
    }

    private static double seconds(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    @FormatMethod
    private void line(String format, Object... values) {
        out.accept(String.format(Locale.ROOT, format, values));
    }
}
