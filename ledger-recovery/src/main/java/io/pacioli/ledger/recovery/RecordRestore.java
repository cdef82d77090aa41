package io.pacioli.ledger.recovery;

import io.pacioli.ledger.api.ArchivedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records into empty partitions so that each has the offset that it had: entries name their causes by offsets, and so do those who
 * read them.
 *
 * <p>An offset that no record had was the marker of a transaction, or belonged to one that was aborted. So a run of records with one such
 * offset behind it is written in a transaction, whose marker takes that offset; behind a run with more of them stands a transaction of
 * records that say nothing, and that is aborted: all but its marker's offset are theirs. What reads only what is committed sees the
 * partition as it was.
 *
 * <p>All partitions go on together, a run of each at a time, so that one transaction serves them all.
 */
final class RecordRestore implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(60);
    private static final Duration MARKER_RETRY = Duration.ofMillis(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final int REQUEST_BYTES_MAX = 16 << 20;
    private static final byte[] FILLER = {};

    private final Producer<byte[], byte[]> plain;
    private final Producer<byte[], byte[]> transactional;
    private final Consumer<byte[], byte[]> committed;

    /** Partitions whose last transaction may not have its marker yet, with the offset behind that. */
    private final Map<TopicPartition, Long> unmarked = new HashMap<>();

    /** @param kafka properties of Kafka's clients */
    RecordRestore(Map<String, String> kafka, Collection<TopicPartition> partitions) {
        plain = new KafkaProducer<>(producer(kafka));
        Map<String, Object> withTransactions = producer(kafka);
        withTransactions.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "ledger-import-" + UUID.randomUUID());
        transactional = new KafkaProducer<>(withTransactions);
        transactional.initTransactions();
        Map<String, Object> consumer = new HashMap<>(kafka);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        committed = new KafkaConsumer<>(consumer);
        committed.assign(partitions);
    }

    private static Map<String, Object> producer(Map<String, String> kafka) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        // A transaction's first records may meet the end of the one before it (KIP-890) and are sent again at once.
        properties.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 2);
        properties.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 100);
        properties.putAll(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_BYTES_MAX);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return properties;
    }

    /**
     * Writes all that there is.
     *
     * @param offsets hears how many more offsets are taken
     */
    void run(List<RestoredPartition> partitions, LongConsumer offsets) {
        List<RestoredPartition> open = new ArrayList<>(partitions);
        while (!open.isEmpty()) {
            List<RestoredPartition.Run> runs = new ArrayList<>();
            open.removeIf(partition -> {
                RestoredPartition.Run run = partition.next();
                if (run != null) {
                    runs.add(run);
                }
                return run == null;
            });
            write(runs);
            offsets.accept(runs.stream()
                    .mapToLong(run -> run.records().size() + run.gap())
                    .sum());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        partitions.forEach(partition -> ends.put(partition.partition(), partition.end()));
        awaitEnds(ends);
    }

    private void write(List<RestoredPartition.Run> runs) {
        List<RestoredPartition.Run> plainly =
                runs.stream().filter(run -> run.gap() != 1).toList();
        awaitMarkers(plainly);
        List<Sent> sent = new ArrayList<>();
        plainly.forEach(run -> send(plain, run, sent));
        List<RestoredPartition.Run> marked =
                runs.stream().filter(run -> run.gap() == 1).toList();
        if (!marked.isEmpty()) {
            transactional.beginTransaction();
            marked.forEach(run -> send(transactional, run, sent));
            transactional.flush();
            sent.forEach(Sent::require);
            transactional.commitTransaction();
            marked.forEach(run -> unmarked.put(run.partition(), run.gapOffset() + 1));
        }
        plain.flush();
        sent.forEach(Sent::require);
        fill(runs.stream().filter(run -> run.gap() > 1).toList());
    }

    /** Takes offsets with records that say nothing and are not committed. */
    private void fill(List<RestoredPartition.Run> runs) {
        if (runs.isEmpty()) {
            return;
        }
        List<Sent> sent = new ArrayList<>();
        transactional.beginTransaction();
        for (RestoredPartition.Run run : runs) {
            // Of about the same time as the others, as the time of records decides when a log begins another file.
            long atMillis =
                    run.records().isEmpty() ? 0 : run.records().getLast().atMillis();
            for (long offset = run.gapOffset(); offset < run.gapOffset() + run.gap() - 1; offset++) {
                TopicPartition partition = run.partition();
                ProducerRecord<byte[], byte[]> filler =
                        new ProducerRecord<>(partition.topic(), partition.partition(), atMillis, FILLER, FILLER);
                sent.add(new Sent(transactional.send(filler), partition, offset));
            }
        }
        transactional.flush();
        sent.forEach(Sent::require);
        transactional.abortTransaction();
        runs.forEach(run -> unmarked.put(run.partition(), run.gapOffset() + run.gap()));
    }

    private static void send(Producer<byte[], byte[]> producer, RestoredPartition.Run run, List<Sent> sent) {
        TopicPartition partition = run.partition();
        if (run.records().isEmpty() && run.gap() == 1) {
            throw new RecoveryException("the partition " + partition + " cannot be restored: no record had offset "
                    + run.firstOffset() + " and none stood before it");
        }
        long offset = run.firstOffset();
        for (ArchivedRecord record : run.records()) {
            sent.add(new Sent(producer.send(record(partition, record)), partition, offset++));
        }
    }

    @SuppressWarnings("NullAway") // Kafka's own types do not say that keys and values may be null.
    private static ProducerRecord<byte[], byte[]> record(TopicPartition partition, ArchivedRecord record) {
        return new ProducerRecord<>(
                partition.topic(),
                partition.partition(),
                record.atMillis(),
                record.key(),
                record.value(),
                record.headers());
    }

    /** A record on its way to its place. */
    private record Sent(Future<RecordMetadata> acknowledgement, TopicPartition partition, long offset) {
        void require() {
            RecordMetadata written = answer(acknowledgement, partition);
            if (written.offset() != offset) {
                throw new RecoveryException("somebody else writes to " + partition + ": offset " + written.offset()
                        + " was given to what must be at " + offset);
            }
        }
    }

    private static RecordMetadata answer(Future<RecordMetadata> acknowledgement, TopicPartition partition) {
        try {
            return acknowledgement.get(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new RecoveryException("cannot write to " + partition + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecoveryException("interrupted", e);
        }
    }

    /** A marker is written some time after its transaction has ended, and whoever has no part in that must not come before it. */
    private void awaitMarkers(List<RestoredPartition.Run> runs) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (RestoredPartition.Run run : runs) {
            Long end = unmarked.remove(run.partition());
            if (end != null) {
                ends.put(run.partition(), end);
            }
        }
        awaitEnds(ends);
    }

    private void awaitEnds(Map<TopicPartition, Long> ends) {
        Set<TopicPartition> waiting = new HashSet<>(ends.keySet());
        long startNanos = System.nanoTime();
        while (!waiting.isEmpty()) {
            Map<TopicPartition, Long> now = committed.endOffsets(waiting, ANSWER_MAX);
            waiting.removeIf(partition -> isAt(partition, now.get(partition), ends.get(partition)));
            if (!waiting.isEmpty()) {
                if (System.nanoTime() - startNanos > ANSWER_MAX.toNanos()) {
                    throw new RecoveryException(
                            "transactions do not end within " + ANSWER_MAX.toSeconds() + " s on " + waiting);
                }
                pause();
            }
        }
    }

    private static boolean isAt(TopicPartition partition, @Nullable Long now, @Nullable Long end) {
        if (now != null && end != null && now > end) {
            throw new RecoveryException(
                    "somebody else writes to " + partition + ": it ends at " + now + " and not at " + end);
        }
        return now != null && now.equals(end);
    }

    private static void pause() {
        try {
            Thread.sleep(MARKER_RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RecoveryException("interrupted", e);
        }
    }

    @Override
    public void close() {
        plain.close(CLOSE);
        transactional.close(CLOSE);
        committed.close();
    }
}
