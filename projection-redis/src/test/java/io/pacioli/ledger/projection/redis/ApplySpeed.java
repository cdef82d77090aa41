package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.testkit.TestServices;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;

/**
 * Prints what publishing costs: how many entries a second are folded, sent and applied without notifications, with them, and with
 * somebody who listens to all. Run by hand, not by the build: the figures depend on what else the machine does.
 */
public final class ApplySpeed {
    private static final int SHARDS = 6;
    private static final int ACCOUNTS = 20_000;
    private static final int IN_FLIGHT_MAX = 12;

    private ApplySpeed() {}

    /** What is measured. */
    private enum Mode {
        SILENT,
        PUBLISHING,
        LISTENED_TO
    }

    /** Entries a second, and microseconds of CPU an entry in this JVM and in Redis. */
    private record Figures(double rate, double ownMicros, double redisMicros) {}

    /** @param arguments how many transfers, 100,000 unless given, and how many rounds, 7 unless given */
    public static void main(String[] arguments) {
        int transfers = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
        int rounds = arguments.length < 2 ? 7 : Integer.parseInt(arguments[1]);
        TestLedger ledger = new TestLedger(SHARDS);
        ledger.define("GOLD", 2);
        ledger.workload(new SplittableRandom(1), "GOLD", ACCOUNTS, transfers);
        Map<Mode, List<Figures>> figures = new EnumMap<>(Mode.class);
        for (Mode mode : Mode.values()) {
            measure(ledger, mode);
            figures.put(mode, new ArrayList<>());
        }
        for (int round = 0; round < rounds; round++) {
            figures.forEach((mode, measured) -> measured.add(measure(ledger, mode)));
        }
        figures.forEach((mode, measured) -> System.out.printf(
                Locale.ROOT,
                "%-12s median of %d rounds: %.0f entries/s, CPU an entry: %.1f us here, %.1f us in Redis%n",
                mode,
                rounds,
                median(measured, Figures::rate),
                median(measured, Figures::ownMicros),
                median(measured, Figures::redisMicros)));
        System.exit(0);
    }

    private static Figures measure(TestLedger ledger, Mode mode) {
        String uri = TestServices.redis().freshDatabase();
        RedisClient listening = RedisClient.create(uri);
        try (TestStore store = new TestStore(uri, ledger.router());
                StatefulRedisPubSubConnection<String, String> subscriber = listening.connectPubSub()) {
            if (mode == Mode.LISTENED_TO) {
                subscriber.sync().psubscribe("account:*");
            }
            for (int shard = 0; shard < SHARDS; shard++) {
                store.store.clear(shard, "", Batches.START);
            }
            double redisStart = store.cpuSeconds();
            double ownStart = ownSeconds();
            long start = System.nanoTime();
            Deque<CompletableFuture<String>> sent = new ArrayDeque<>();
            long count = 0;
            for (int shard = 0; shard < SHARDS; shard++) {
                count += project(ledger.journal(shard), shard, mode != Mode.SILENT, store, sent);
            }
            sent.forEach(store.store::await);
            double seconds = (System.nanoTime() - start) / 1e9;
            double own = ownSeconds() - ownStart;
            double redis = store.cpuSeconds() - redisStart;
            store.redis.flushdb();
            return new Figures(count / seconds, 1e6 * own / count, 1e6 * redis / count);
        } finally {
            listening.shutdown();
        }
    }

    private static long project(
            List<byte[]> journal,
            int shard,
            boolean notifying,
            TestStore store,
            Deque<CompletableFuture<String>> sent) {
        ShardBatch batch = new ShardBatch(shard, Batches.START, notifying);
        for (byte[] bytes : journal) {
            JournalRecord record = JournalCodec.decode(bytes);
            batch.add(record, batch.to().offset(), bytes.length);
            if (batch.isFull()) {
                send(store, batch, sent);
                batch = new ShardBatch(shard, batch.to(), notifying);
            }
        }
        send(store, batch, sent);
        return journal.size();
    }

    private static void send(TestStore store, ShardBatch batch, Deque<CompletableFuture<String>> sent) {
        if (sent.size() >= IN_FLIGHT_MAX) {
            store.store.await(sent.removeFirst());
        }
        sent.addLast(store.store.apply(batch));
    }

    /** Seconds of CPU that this JVM has used: steadier than time on a busy machine. */
    private static double ownSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }

    private static double median(List<Figures> figures, ToDoubleFunction<Figures> figure) {
        return figures.stream()
                .mapToDouble(figure)
                .sorted()
                .skip(figures.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
