package io.pacioli.ledger.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.audit.Audit;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.AuditSettings;
import io.pacioli.ledger.audit.Books;
import io.pacioli.ledger.audit.CheckpointFigures;
import io.pacioli.ledger.audit.JournalFold;
import io.pacioli.ledger.audit.Progress;
import io.pacioli.ledger.audit.notary.NotaryService;
import io.pacioli.ledger.audit.notary.NotarySettings;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.processor.AccountCache;
import io.pacioli.ledger.processor.ProcessorService;
import io.pacioli.ledger.processor.ProcessorSettings;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A ledger on a real broker, of which processors run now and then. */
final class TestLedger {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Map<String, String> kafka;
    final Topics topics;
    final int shards;

    TestLedger(String bootstrapServers, Topics topics, int shards) {
        kafka = Map.of("bootstrap.servers", bootstrapServers);
        this.topics = topics;
        this.shards = shards;
    }

    String applicationId() {
        return ProcessorSettings.applicationId(topics);
    }

    /** A processor in this JVM. */
    final class Running implements AutoCloseable {
        private final Health health = new Health();
        private final Metrics metrics = new Metrics();
        private final ProcessorService service;

        private Running(Path stateDirectory) {
            ProcessorSettings defaults = ProcessorSettings.of(kafka, topics, stateDirectory);
            service = new ProcessorService(
                    new ProcessorSettings(
                            kafka,
                            topics,
                            new TopicSettings(shards, (short) 1),
                            defaults.applicationId(),
                            stateDirectory,
                            2,
                            Duration.ofMillis(25),
                            0,
                            16L << 20,
                            new AccountCache(1_000, 1 << 20),
                            Duration.ofDays(7),
                            1_000_000,
                            defaults.replyTopics()),
                    health,
                    metrics);
            service.start();
        }

        @Override
        public void close() {
            service.close();
            metrics.close();
        }
    }

    Running start(Path stateDirectory) {
        Running running = new Running(stateDirectory);
        try {
            until("the processor is ready", () -> {
                assertThat(running.health.isAlive())
                        .as("the processor is alive")
                        .isTrue();
                return running.health.isReady();
            });
            return running;
        } catch (AssertionError e) {
            running.close();
            throw e;
        }
    }

    LedgerClient client() {
        return LedgerClient.connect(new LedgerClientSettings(kafka, topics, PATIENCE, 100_000));
    }

    /** Writes commands and waits for nothing but the broker. */
    void produce(List<Command> commands) {
        KafkaRouter router = new KafkaRouter(shards);
        write(commands.stream()
                .map(command -> new ProducerRecord<>(
                        topics.commands(),
                        router.shardOfKey(command.routingKey()),
                        new byte[0],
                        CommandCodec.encode(command)))
                .toList());
    }

    void write(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(new HashMap<>(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            records.stream().map(producer::send).toList().forEach(TestLedger::get);
        }
    }

    /** A notary signs with the keys in a directory until everything is signed. */
    void sign(Path keys) {
        NotarySettings settings = NotarySettings.of(
                kafka,
                topics,
                keys.resolve("key"),
                keys.resolve("public"),
                new NotarySettings.Pace(10, Duration.ofMillis(200)));
        PublicKeys known = PublicKeys.read(keys.resolve("public"));
        try (Metrics metrics = new Metrics();
                NotaryService notary = new NotaryService(settings, new Health(), metrics)) {
            notary.start();
            until("everything is signed", () -> {
                CheckpointFigures figures = audit(known).checkpoints();
                return figures != null && figures.uncovered() == 0;
            });
        }
    }

    AuditReport audit() {
        return audit(PublicKeys.NONE);
    }

    /** @param keys by which signed checkpoints are verified */
    AuditReport audit(PublicKeys keys) {
        AuditReport report = Audit.run(AuditSettings.of(kafka, topics).withKeys(keys), Progress.NONE);
        assertThat(report.findings())
                .filteredOn(finding -> !finding.isWarning())
                .as("of " + topics.journal())
                .isEmpty();
        return report;
    }

    /** Waits until all commands have been read and nothing is between shards. */
    AuditReport settled() {
        until("all is decided", () -> {
            AuditReport report = audit();
            return report.inputs() != null
                    && report.inputs().waiting() == 0
                    && report.underWay().isEmpty();
        });
        return audit();
    }

    /** All balances, by account and asset. */
    Map<String, String> balances() {
        Map<String, String> balances = new TreeMap<>();
        try (JournalFold fold = JournalFold.open(kafka, topics.journal())) {
            Books books = fold.readToEnd(Progress.NONE);
            assertThat(books.faults()).isEmpty();
            books.forEach((shard, account, holding) ->
                    balances.put(shard + " " + account + " " + holding.asset(), holding.toString()));
        }
        return balances;
    }

    static Outcome outcome(LedgerClient client, Command command) {
        return get(client.submit(command));
    }

    static <T extends @Nullable Object> T get(Future<T> future) {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static void until(String what, BooleanSupplier condition) {
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(50_000_000);
        }
    }
}
