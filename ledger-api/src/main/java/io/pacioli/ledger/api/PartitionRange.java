package io.pacioli.ledger.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Where a partition of a topic begins and ends now.
 *
 * @param begin the offset of its first record
 * @param end the offset behind its last record that the consumer may read
 */
public record PartitionRange(long begin, long end) {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

    /**
     * Asks for the ranges of those partitions that have a leader: Kafka's own lookup answers for all that it is asked for or, after
     * its time-out, for none. Blocks for a few seconds at most.
     *
     * @return without the partitions that have no leader now; empty when those that have one do not answer in time
     */
    public static Map<TopicPartition, PartitionRange> of(
            Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        try {
            List<TopicPartition> led = new ArrayList<>();
            partitions.stream()
                    .collect(Collectors.groupingBy(TopicPartition::topic))
                    .forEach((topic, some) -> led.addAll(led(consumer.partitionsFor(topic, ANSWER_MAX), some)));
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(led, ANSWER_MAX);
            Map<TopicPartition, Long> ends = consumer.endOffsets(led, ANSWER_MAX);
            Map<TopicPartition, PartitionRange> ranges = new HashMap<>();
            for (TopicPartition partition : led) {
                ranges.put(
                        partition,
                        new PartitionRange(
                                Objects.requireNonNull(begins.get(partition)),
                                Objects.requireNonNull(ends.get(partition))));
            }
            return ranges;
        } catch (TimeoutException e) {
            return Map.of();
        }
    }

    private static List<TopicPartition> led(List<PartitionInfo> known, List<TopicPartition> wanted) {
        return known.stream()
                .filter(info -> info.leader() != null && !info.leader().isEmpty())
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .filter(wanted::contains)
                .toList();
    }
}
