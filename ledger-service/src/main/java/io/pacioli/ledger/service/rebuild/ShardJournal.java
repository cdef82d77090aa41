package io.pacioli.ledger.service.rebuild;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The committed entries of one shard from the first one on, to be taken one by one up to exactly where somebody wants to stand.
 *
 * <p>Joins no group and commits nothing. Methods throw a {@link RebuildException} when the journal cannot be read, lacks its beginning
 * or holds what is no entry. Not thread safe.
 */
public final class ShardJournal implements AutoCloseable {
    /** How long the cluster may take to answer, and to send what it says that there is. */
    private static final Duration STALL_MAX = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final int POLL_RECORDS_MAX = 4_000;
    private static final int FETCH_BYTES_MAX = 4 * 1024 * 1024;

    private final TopicPartition partition;
    private final Consumer<byte[], byte[]> consumer;
    private final Deque<Read> read = new ArrayDeque<>();
    private final long beginning;

    /**
     * An entry as it was read.
     *
     * @param bytes the record's value
     */
    @SuppressWarnings("ArrayRecordComponent") // neither compared nor changed: a view of what was received
    public record Read(JournalRecord journal, byte[] bytes, long offset) {}

    private ShardJournal(TopicPartition partition, Consumer<byte[], byte[]> consumer) {
        this.partition = partition;
        this.consumer = consumer;
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        beginning = consumer.position(partition, STALL_MAX);
    }

    /**
     * Stands before the first entry.
     *
     * @param kafka settings of the consumer, with {@code bootstrap.servers}
     */
    public static ShardJournal open(Map<String, String> kafka, Topics topics, int shard) {
        TopicPartition partition = new TopicPartition(topics.journal(), shard);
        try {
            return new ShardJournal(partition, new KafkaConsumer<>(properties(kafka)));
        } catch (KafkaException e) {
            throw unreadable(partition, e);
        }
    }

    private static Map<String, Object> properties(Map<String, String> kafka) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES_MAX);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    /** The shard. */
    public int shard() {
        return partition.partition();
    }

    /** The offset at which the journal begins. */
    public long beginning() {
        return beginning;
    }

    /** The offset at which the committed journal ends now. */
    public long end() {
        try {
            return Objects.requireNonNull(
                    consumer.endOffsets(List.of(partition), STALL_MAX).get(partition));
        } catch (KafkaException e) {
            throw unreadable(partition, e);
        }
    }

    /** The offset that is read next. */
    public long offset() {
        Read next = read.peekFirst();
        return next == null ? consumer.position(partition, STALL_MAX) : next.offset();
    }

    /**
     * The next entry that stands before an offset, waiting for it; null when there is none.
     *
     * @param end an offset that the journal has reached
     */
    public @Nullable Read peekBefore(long end) {
        long startNanos = System.nanoTime();
        while (read.isEmpty()) {
            if (offset() >= end) {
                return null;
            }
            poll(POLL);
            if (read.isEmpty() && System.nanoTime() - startNanos > STALL_MAX.toNanos()) {
                throw new RebuildException("the journal stalled: nothing more came of " + partition + " within "
                        + STALL_MAX.toSeconds() + " s at offset " + offset());
            }
        }
        Read next = read.getFirst();
        return next.offset() < end ? next : null;
    }

    /** Whether the entry of a sequence, if there is one, is at hand: nobody has to be asked to come there. */
    public boolean isAtHand(long sequence) {
        Read last = read.peekLast();
        return last != null && last.journal().entry().sequence() >= sequence;
    }

    /** Fetches what there is without waiting for it, unless there is enough at hand. */
    public void fetch() {
        if (read.size() < POLL_RECORDS_MAX) {
            poll(Duration.ZERO);
        }
    }

    /** Takes the entry that was peeked at. */
    public Read take() {
        return read.removeFirst();
    }

    private void poll(Duration max) {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(max)) {
                byte[] value = record.value();
                if (value == null) {
                    throw new RebuildException(partition + "@" + record.offset() + ": a record must have a value");
                }
                read.add(new Read(JournalCodec.decode(value), value, record.offset()));
            }
        } catch (KafkaException e) {
            throw unreadable(partition, e);
        } catch (MalformedException | InvariantViolation e) {
            throw new RebuildException("the journal is damaged: " + partition + ": " + e.getMessage(), e);
        }
    }

    private static RebuildException unreadable(TopicPartition partition, KafkaException e) {
        return new RebuildException("the journal " + partition + " cannot be read: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}
