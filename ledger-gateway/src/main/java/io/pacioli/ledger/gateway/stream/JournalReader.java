package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.gateway.stream.OffsetIndex.Place;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads any shard's journal from any place. Connects when it is first used. Not thread safe. */
final class JournalReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration STALL_MAX = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final JournalConsumers consumers;
    private @Nullable Consumer<byte[], byte[]> consumer;

    JournalReader(JournalConsumers consumers) {
        this.consumers = consumers;
    }

    /**
     * Stands before an entry, or not far before it.
     *
     * @throws KafkaException when Kafka cannot be reached
     */
    void seek(ShardTail shard, long sequence) {
        TopicPartition partition = consumers.partition(shard.shard());
        Consumer<byte[], byte[]> reading = consumer();
        reading.assign(List.of(partition));
        long offset = OffsetSearch.find(
                sequence,
                shard.offsets(),
                shard.begin(),
                shard.nextOffset(),
                (from, before) -> first(reading, partition, from, before));
        reading.seek(partition, offset);
    }

    /**
     * The next records of the shard, at least one.
     *
     * @param before reads no further than up to this offset
     * @return in order; empty when there are no more before that offset
     * @throws KafkaException when Kafka cannot be reached
     */
    List<ConsumerRecord<byte[], byte[]>> read(ShardTail shard, long before) {
        return read(consumer(), consumers.partition(shard.shard()), before);
    }

    private static Optional<Place> first(
            Consumer<byte[], byte[]> reading, TopicPartition partition, long from, long before) {
        reading.seek(partition, from);
        return read(reading, partition, before).stream()
                .findFirst()
                .filter(record -> record.offset() < before)
                .map(record ->
                        new Place(new Chain(partition.partition()).next(record).sequence(), record.offset()));
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            Consumer<byte[], byte[]> reading, TopicPartition partition, long before) {
        long deadlineNanos = System.nanoTime() + STALL_MAX.toNanos();
        while (reading.position(partition) < before) {
            List<ConsumerRecord<byte[], byte[]>> records = reading.poll(POLL).records(partition);
            if (!records.isEmpty()) {
                return records;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new TimeoutException("nothing more of the journal came within " + STALL_MAX.toSeconds() + " s");
            }
        }
        return List.of();
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> made = consumer == null ? consumers.reading() : consumer;
        consumer = made;
        return made;
    }

    /** Disconnects; it may be used again. */
    @Override
    public void close() {
        Consumer<byte[], byte[]> old = consumer;
        consumer = null;
        if (old != null) {
            try {
                old.close(CloseOptions.timeout(CLOSE));
            } catch (KafkaException e) {
                LOG.warn("A consumer did not close cleanly: {}", e.toString());
            }
        }
    }
}
