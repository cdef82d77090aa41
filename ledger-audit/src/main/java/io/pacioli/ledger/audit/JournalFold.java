package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.ShardConfiguration;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The fold of a journal from its first record on, to its end or to some place in the past, with the ledger's own rules and nothing else:
 * the figures that every projection must show, or must have shown then.
 *
 * <p>Needs read access to the journal topic only, commits no offsets and joins no group. Memory grows with the accounts and with what
 * the ledger itself remembers. Not thread safe.
 */
public final class JournalFold implements AutoCloseable {
    /** How long the cluster may take to answer, and to send the next record. */
    public static final Duration STALL_MAX = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);

    /** Records of the command topic may have 1 MiB each, however few bytes the broker stores. */
    private static final int POLLED_RECORDS_MAX = 500;

    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<ShardFold> shards = new ArrayList<>();

    JournalFold(Consumer<byte[], byte[]> consumer, String topic, int shardCount) {
        this(consumer, topic, shardCount, new Until.Now());
    }

    JournalFold(Consumer<byte[], byte[]> consumer, String topic, int shardCount, Until until) {
        this(consumer, topic, shardCount, until, false);
    }

    /** @param hasHistory whether a history is to be compared with the books */
    JournalFold(Consumer<byte[], byte[]> consumer, String topic, int shardCount, Until until, boolean hasHistory) {
        this.consumer = consumer;
        partitions = new ArrayList<>();
        KafkaRouter router = new KafkaRouter(shardCount);
        Ledger ledger = new Ledger(router);
        KeyedHash hash = new KeyedHash(new SecureRandom().nextLong());
        for (int shard = 0; shard < shardCount; shard++) {
            partitions.add(new TopicPartition(topic, shard));
            shards.add(new ShardFold(new ShardBooks(shard, router, ledger, hash, hasHistory), topic, until));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /**
     * Finds the journal and stands before its first record.
     *
     * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}
     * @param topic the journal topic
     * @throws AuditException when there is no such topic, or the cluster does not answer in time
     */
    public static JournalFold open(Map<String, String> kafka, String topic) {
        return open(kafka, topic, new Until.Now());
    }

    /**
     * Finds the journal and stands before its first record, to fold it up to some place in the past: {@link #readToEnd} then reads no
     * further than that.
     *
     * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}
     * @param topic the journal topic
     * @param until how far the books are wanted
     * @throws AuditException when there is no such topic, or the cluster does not answer in time
     */
    public static JournalFold open(Map<String, String> kafka, String topic, Until until) {
        Consumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties(kafka));
        try {
            List<PartitionInfo> infos = consumer.partitionsFor(topic, STALL_MAX);
            if (infos == null || infos.isEmpty() || infos.size() > ShardConfiguration.SHARDS_MAX) {
                throw new AuditException("there is no journal to read: topic " + topic + " must have 1 to "
                        + ShardConfiguration.SHARDS_MAX + " partitions");
            }
            return new JournalFold(consumer, topic, infos.size(), until);
        } catch (KafkaException e) {
            consumer.close();
            throw unreadable(topic, e);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** Properties of a consumer that reads what is committed, from where it is told, and leaves no trace. */
    static Map<String, Object> properties(Map<String, String> kafka) {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // A journal that lost its beginning cannot be folded: never start anywhere else in silence.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLLED_RECORDS_MAX);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    /**
     * Reads on to where each shard's journal ends at the time of the call. What is damaged is told by {@link Books#faults()}.
     *
     * @return the books there
     * @throws AuditException when the journal cannot be read, or nothing more of it comes for {@link #STALL_MAX}
     */
    public Books readToEnd(Progress progress) {
        String topic = partitions.getFirst().topic();
        try {
            read(progress);
        } catch (KafkaException e) {
            throw unreadable(topic, e);
        }
        return new Books(shards.stream().map(ShardFold::books).toList());
    }

    private void read(Progress progress) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, STALL_MAX);
        long total = 0;
        for (TopicPartition partition : partitions) {
            total += ends.getOrDefault(partition, 0L) - consumer.position(partition, STALL_MAX);
        }
        Set<TopicPartition> open = new HashSet<>(partitions);
        pauseFinished(open, ends);
        long stallNanos = STALL_MAX.toNanos();
        long lastAdvanceNanos = System.nanoTime();
        long done = 0;
        progress.advanced(done, total);
        while (!open.isEmpty()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                shards.get(record.partition()).apply(record.value(), record.offset());
            }
            pauseFinished(open, ends);
            long passed = total - remaining(open, ends);
            if (passed != done) {
                done = passed;
                lastAdvanceNanos = System.nanoTime();
                progress.advanced(done, total);
            } else if (System.nanoTime() - lastAdvanceNanos > stallNanos) {
                throw new AuditException("the journal stalled: nothing more came within " + STALL_MAX.toSeconds()
                        + " s, with " + remaining(open, ends) + " offsets to go");
            }
        }
        consumer.resume(partitions);
    }

    /** A shard that has reached its end reads no further, so that all stop where they were when the reading began. */
    private void pauseFinished(Set<TopicPartition> open, Map<TopicPartition, Long> ends) {
        List<TopicPartition> finished = open.stream()
                .filter(partition -> shards.get(partition.partition()).isThere()
                        || consumer.position(partition, STALL_MAX) >= ends.getOrDefault(partition, 0L))
                .toList();
        consumer.pause(finished);
        finished.forEach(open::remove);
    }

    private long remaining(Set<TopicPartition> open, Map<TopicPartition, Long> ends) {
        return open.stream()
                .mapToLong(partition -> ends.getOrDefault(partition, 0L) - consumer.position(partition, STALL_MAX))
                .sum();
    }

    private static AuditException unreadable(String topic, KafkaException e) {
        return new AuditException("the journal " + topic + " cannot be read: " + e.getMessage(), e);
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE));
    }
}
