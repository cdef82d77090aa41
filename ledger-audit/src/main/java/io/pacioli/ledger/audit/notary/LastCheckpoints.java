package io.pacioli.ledger.audit.notary;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds what was published last in a partition. Not thread safe. */
final class LastCheckpoints {
    /** How far before the end to look first: a record and the marker of its transaction. */
    private static final long BACK_FIRST = 2;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration STALL_MAX = Duration.ofSeconds(30);

    private final Consumer<byte[], byte[]> consumer;

    LastCheckpoints(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** The last record that is committed, or null when there is none. What was aborted, and markers, take up offsets too. */
    @Nullable
    ConsumerRecord<byte[], byte[]> of(TopicPartition partition) {
        List<TopicPartition> alone = List.of(partition);
        consumer.assign(alone);
        long begin = offset(consumer.beginningOffsets(alone, STALL_MAX), partition);
        long end = offset(consumer.endOffsets(alone, STALL_MAX), partition);
        long back = BACK_FIRST;
        while (true) {
            long from = Math.max(begin, end - back);
            ConsumerRecord<byte[], byte[]> last = last(partition, from, end);
            if (last != null || from == begin) {
                return last;
            }
            back *= 2;
        }
    }

    private @Nullable ConsumerRecord<byte[], byte[]> last(TopicPartition partition, long from, long end) {
        consumer.seek(partition, from);
        ConsumerRecord<byte[], byte[]> last = null;
        long startNanos = System.nanoTime();
        while (consumer.position(partition) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                last = record;
            }
            if (System.nanoTime() - startNanos > STALL_MAX.toNanos()) {
                throw new KafkaException("partition " + partition + " cannot be read from " + from + " to " + end);
            }
        }
        return last;
    }

    private static long offset(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return offsets.getOrDefault(partition, 0L);
    }
}
