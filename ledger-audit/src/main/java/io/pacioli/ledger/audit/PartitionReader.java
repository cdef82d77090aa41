package io.pacioli.ledger.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Fills inflows from their partitions, each up to a bound, so that one that is used slowly does not fill the memory. Not thread safe. */
final class PartitionReader implements RecordSource {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Inflow> inflows = new HashMap<>();
    private final long bufferBytes;

    /** @param bufferBytes how much one partition may be ahead, besides what comes at a time */
    PartitionReader(Consumer<byte[], byte[]> consumer, List<Inflow> inflows, long bufferBytes) {
        this.consumer = consumer;
        this.bufferBytes = bufferBytes;
        for (Inflow inflow : inflows) {
            this.inflows.put(inflow.partition(), inflow);
        }
        consumer.assign(this.inflows.keySet());
        inflows.forEach(inflow -> consumer.seek(inflow.partition(), inflow.usedTo()));
    }

    @Override
    public void poll(Duration timeout) {
        List<TopicPartition> paused = new ArrayList<>();
        List<TopicPartition> open = new ArrayList<>();
        for (Inflow inflow : inflows.values()) {
            (inflow.isRead() || inflow.bytes() >= bufferBytes ? paused : open).add(inflow.partition());
        }
        if (open.isEmpty()) {
            return;
        }
        consumer.pause(paused);
        consumer.resume(open);
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(timeout)) {
            Inflow inflow = inflows.get(new TopicPartition(record.topic(), record.partition()));
            if (inflow != null) {
                inflow.add(record);
            }
        }
        for (TopicPartition partition : open) {
            Inflow inflow = inflows.get(partition);
            if (inflow != null) {
                inflow.readTo(consumer.position(partition));
            }
        }
    }

    @Override
    public void readOn(List<Inflow> inflowsOfShard) {
        end(inflowsOfShard.subList(0, 1));
        end(inflowsOfShard.subList(1, inflowsOfShard.size()));
    }

    /** The ends of partitions are where they are now. */
    void end(List<Inflow> extended) {
        List<TopicPartition> partitions =
                extended.stream().map(Inflow::partition).toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, JournalFold.STALL_MAX);
        extended.forEach(inflow -> inflow.end(ends.getOrDefault(inflow.partition(), 0L)));
    }

    Consumer<byte[], byte[]> consumer() {
        return consumer;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}
