package io.pacioli.ledger.bench;

import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.processor.ProcessorService;
import io.pacioli.ledger.processor.ProcessorSettings;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;

/** A ledger of its own for a benchmark: an embedded broker in another process, a processor in this one, fresh data. */
public final class BenchLedger implements AutoCloseable {
    private static final Duration READY_MAX = Duration.ofSeconds(60);

    private final EmbeddedKafka kafka;
    private final ProcessorService processor;
    private final Metrics metrics;
    private final Path directory;

    private BenchLedger(EmbeddedKafka kafka, ProcessorService processor, Metrics metrics, Path directory) {
        this.kafka = kafka;
        this.processor = processor;
        this.metrics = metrics;
        this.directory = directory;
    }

    /**
     * Starts it, and waits until it decides.
     *
     * @param threads threads of the processor
     */
    public static BenchLedger start(int shards, int threads) {
        return start(shards, threads, ProcessorSettings.STATE_MEMORY_BYTES);
    }

    /** The same with other memory outside the heap for the processor's state, in bytes. */
    static BenchLedger start(int shards, int threads, long stateMemoryBytes) {
        Path directory = temporaryDirectory();
        EmbeddedKafka kafka = EmbeddedKafka.start(ServerConfig.fresh());
        Map<String, String> properties = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(Map.copyOf(properties))) {
            LedgerTopics.ensure(admin, Topics.DEFAULT, new TopicSettings(shards, (short) 1));
        }
        Health health = new Health();
        Metrics metrics = new Metrics();
        ProcessorSettings processorSettings = ProcessorSettings.of(properties, Topics.DEFAULT, directory)
                .withThreads(threads)
                .withStateMemory(stateMemoryBytes);
        ProcessorService processor = new ProcessorService(processorSettings, health, metrics);
        BenchLedger ledger = new BenchLedger(kafka, processor, metrics, directory);
        processor.start();
        Await.until("the processor is ready", READY_MAX, health::isReady);
        return ledger;
    }

    /** Where Kafka is. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    @Override
    public void close() {
        processor.close();
        metrics.close();
        kafka.close();
        deleteAll(directory);
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("ledger-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteAll(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
