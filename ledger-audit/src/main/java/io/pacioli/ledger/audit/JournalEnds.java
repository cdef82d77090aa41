package io.pacioli.ledger.audit;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** How far a journal is ahead of somebody who reads it. */
public final class JournalEnds {
    private JournalEnds() {}

    /**
     * The offsets that are still to be read, over all shards; never fewer than the entries that are.
     *
     * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}
     * @param topic the journal topic
     * @param nextOffsets where each shard's partition is to be read on
     * @throws org.apache.kafka.common.KafkaException when the cluster does not answer in time
     */
    public static long ahead(Map<String, String> kafka, String topic, Map<Integer, Long> nextOffsets) {
        try (Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(JournalFold.properties(kafka))) {
            List<TopicPartition> partitions = nextOffsets.keySet().stream()
                    .map(shard -> new TopicPartition(topic, shard))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, JournalFold.STALL_MAX);
            return partitions.stream()
                    .mapToLong(partition ->
                            ends.getOrDefault(partition, 0L) - nextOffsets.getOrDefault(partition.partition(), 0L))
                    .map(ahead -> Math.max(0, ahead))
                    .sum();
        }
    }
}
