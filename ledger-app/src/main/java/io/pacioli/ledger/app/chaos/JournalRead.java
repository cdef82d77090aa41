package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.core.Entry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed journal once, from its beginning to where it ends now. */
final class JournalRead {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALL_MAX = Duration.ofSeconds(60);

    private JournalRead() {}

    /**
     * Reads.
     *
     * @param entries hears of every entry, those of a shard in their order
     * @throws CommandFailure when nothing more comes for a minute
     */
    static void all(Map<String, String> kafka, String topic, int shards, Consumer<Entry> entries) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        List<TopicPartition> partitions = IntStream.range(0, shards)
                .mapToObj(shard -> new TopicPartition(topic, shard))
                .toList();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long lastNanos = System.nanoTime();
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.getOrDefault(one, 0L))) {
                boolean any = false;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    entries.accept(JournalCodec.decode(record.value()).entry());
                    any = true;
                }
                if (any) {
                    lastNanos = System.nanoTime();
                } else if (System.nanoTime() - lastNanos > STALL_MAX.toNanos()) {
                    throw new CommandFailure("the journal stalled: nothing more came within " + STALL_MAX.toSeconds()
                            + " s before its end");
                }
            }
        }
    }
}
