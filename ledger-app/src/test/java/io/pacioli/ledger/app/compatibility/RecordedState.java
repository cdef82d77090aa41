package io.pacioli.ledger.app.compatibility;

import io.pacioli.ledger.api.ArchivedRecord;
import io.pacioli.ledger.api.RecordFileReader;
import io.pacioli.ledger.api.RecordFileWriter;
import io.pacioli.ledger.processor.RebuiltState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The records of the topic that processors restore their state from: an import makes them anew, and an upgrade has to read the old ones. */
final class RecordedState {
    private static final Duration POLL = Duration.ofMillis(200);

    private RecordedState() {}

    static void record(Map<String, String> kafka, Path directory) throws IOException {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        Files.createDirectories(directory);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (int shard = 0; shard < LedgerOnServers.SHARDS; shard++) {
                TopicPartition partition = new TopicPartition(LedgerOnServers.STATE_TOPIC, shard);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
                try (RecordFileWriter writer = new RecordFileWriter(directory, shard + ".gz")) {
                    while (consumer.position(partition) < end) {
                        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                            writer.write(new ArchivedRecord(
                                    record.offset(),
                                    record.timestamp(),
                                    record.key(),
                                    record.value(),
                                    new RecordHeaders(record.headers())));
                        }
                    }
                    writer.finish();
                }
            }
        }
    }

    /** Puts the recorded records in the place of those that are there. */
    static void restore(Map<String, String> kafka, Path directory) throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(kafka))) {
            admin.deleteTopics(List.of(LedgerOnServers.STATE_TOPIC)).all().get();
            NewTopic topic = new NewTopic(LedgerOnServers.STATE_TOPIC, LedgerOnServers.SHARDS, (short) 1)
                    .configs(RebuiltState.topicSettings());
            while (isThere(admin)) {
                Thread.onSpinWait();
            }
            admin.createTopics(List.of(topic)).all().get();
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(new HashMap<>(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int shard = 0; shard < LedgerOnServers.SHARDS; shard++) {
                try (RecordFileReader reader = new RecordFileReader(directory.resolve(shard + ".gz"))) {
                    for (ArchivedRecord record = reader.next(); record != null; record = reader.next()) {
                        producer.send(new ProducerRecord<>(
                                        LedgerOnServers.STATE_TOPIC,
                                        shard,
                                        record.atMillis(),
                                        record.key(),
                                        record.value(),
                                        record.headers()))
                                .get();
                    }
                }
            }
        }
    }

    private static boolean isThere(Admin admin) throws InterruptedException {
        try {
            admin.describeTopics(List.of(LedgerOnServers.STATE_TOPIC))
                    .allTopicNames()
                    .get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw new IllegalStateException(e);
        }
    }
}
