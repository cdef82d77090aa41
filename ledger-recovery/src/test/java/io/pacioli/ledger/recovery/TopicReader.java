package io.pacioli.ledger.recovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads all that is committed in a topic. */
final class TopicReader {
    private TopicReader() {}

    /** Each record as a text of all that it has, by partition. */
    static Map<Integer, List<String>> records(Map<String, String> kafka, String topic) {
        Map<Integer, List<String>> records = new TreeMap<>();
        read(
                kafka,
                topic,
                record -> records.computeIfAbsent(record.partition(), partition -> new ArrayList<>())
                        .add(record.offset() + " " + record.timestamp() + " " + hex(record.key()) + " "
                                + hex(record.value())
                                + " "
                                + Arrays.stream(record.headers().toArray())
                                        .map(header -> header.key() + "=" + hex(header.value()))
                                        .toList()));
        return records;
    }

    /** The last value of each key, by partition. */
    static Map<String, String> state(Map<String, String> kafka, String topic) {
        Map<String, String> state = new TreeMap<>();
        read(kafka, topic, record -> {
            String key = record.partition() + " " + hex(record.key());
            if (record.value() == null) {
                state.remove(key);
            } else {
                state.put(key, hex(record.value()));
            }
        });
        return state;
    }

    static Map<TopicPartition, Long> ends(Map<String, String> kafka, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            return consumer.endOffsets(partitions(consumer, topic));
        }
    }

    private static void read(
            Map<String, String> kafka, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reading) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(reading);
            }
        }
    }

    private static List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        return consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, String> kafka) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static String hex(byte @Nullable [] bytes) {
        return bytes == null ? "null" : HexFormat.of().formatHex(bytes);
    }
}
