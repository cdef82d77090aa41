package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.testkit.TestServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A ledger of its own on the tests' real broker. */
final class LiveLedger {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    final Topics topics;
    final Map<String, String> kafka;
    final int shards;

    private LiveLedger(String bootstrapServers, String prefix, int shards) {
        topics = Topics.withPrefix(prefix);
        kafka = Map.of("bootstrap.servers", bootstrapServers);
        this.shards = shards;
    }

    static LiveLedger fresh(int shards) {
        return new LiveLedger(
                TestServices.kafka().bootstrapServers(), TestServices.kafka().freshPrefix() + "ledger", shards);
    }

    /** One that is there already, seen from another process. */
    static LiveLedger of(String bootstrapServers, String prefix, int shards) {
        return new LiveLedger(bootstrapServers, prefix, shards);
    }

    String prefix() {
        return topics.commands().replaceFirst("\\.commands$", "");
    }

    ProcessorSettings settings(Path stateDirectory) {
        return settings(stateDirectory, prefix() + "-processor");
    }

    ProcessorSettings settings(Path stateDirectory, String applicationId) {
        return settings(stateDirectory, applicationId, 1_000_000, Duration.ofMillis(25));
    }

    /** Settings by which a shard remembers no more than one command. */
    ProcessorSettings forgetful(Path stateDirectory) {
        return settings(stateDirectory, prefix() + "-processor", 1, Duration.ofMillis(25));
    }

    /** Settings with another commit interval. */
    ProcessorSettings committing(Path stateDirectory, Duration commitInterval) {
        return settings(stateDirectory, prefix() + "-processor", 1_000_000, commitInterval);
    }

    private ProcessorSettings settings(
            Path stateDirectory, String applicationId, long idempotencyEntriesMax, Duration commitInterval) {
        return new ProcessorSettings(
                kafka,
                topics,
                new TopicSettings(shards, (short) 1),
                applicationId,
                stateDirectory,
                1,
                commitInterval,
                0,
                16L << 20,
                new AccountCache(1_000, 1 << 20),
                Duration.ofDays(7),
                idempotencyEntriesMax,
                Pattern.compile(Pattern.quote(topics.replies()) + ".*"));
    }

    LedgerClient client() {
        return LedgerClient.connect(new LedgerClientSettings(kafka, topics, TIMEOUT, 100_000));
    }

    Admin admin() {
        return Admin.create(new HashMap<>(kafka));
    }

    /** A producer as any client would have it: all settings at their defaults, but for those given. */
    KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.putAll(settings);
        return new KafkaProducer<>(properties);
    }

    /** Sends records and waits until the broker has them. */
    void produce(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            records.stream().map(producer::send).toList().forEach(LiveLedger::get);
        }
    }

    /** Submits commands at once and waits for all outcomes, in the order of the commands. */
    static List<Outcome> outcomes(LedgerClient client, List<Command> commands) {
        List<CompletableFuture<Outcome>> submitted =
                commands.stream().map(client::submit).toList();
        return submitted.stream().map(LiveLedger::get).toList();
    }

    static Outcome outcome(LedgerClient client, Command command) {
        return get(client.submit(command));
    }

    static <T> T get(java.util.concurrent.Future<T> future) {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
