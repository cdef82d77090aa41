package io.pacioli.ledger.bench;

import io.pacioli.ledger.api.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the committed journal from the beginning and counts what stands in it, by the type of entry. */
public final class JournalCounter implements AutoCloseable {
    private static final byte[] TYPE = "\"type\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int TYPE_WITHIN = 64;
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread reader;
    private final AtomicLong decided = new AtomicLong();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicLong inTransit = new AtomicLong();
    private final AtomicLong entries = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean closed;

    /** Starts to read. */
    public JournalCounter(String bootstrapServers) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        consumer = new KafkaConsumer<>(properties);
        consumer.assign(consumer.partitionsFor(Topics.DEFAULT.journal()).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        reader = Thread.ofPlatform().daemon().name("bench-journal").start(this::read);
    }

    /** Commands that moved money, and those that were rejected. */
    public long decided() {
        return decided.get() + rejected.get();
    }

    /** Commands that were rejected. */
    public long rejected() {
        return rejected.get();
    }

    /** Transfers that have left a shard and not arrived or come back. */
    public long inTransit() {
        return inTransit.get();
    }

    /** All entries. */
    public long entries() {
        return entries.get();
    }

    /** The size of all entries, uncompressed. */
    public long bytes() {
        return bytes.get();
    }

    private void read() {
        try (consumer) {
            while (!closed) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    count(record.value());
                }
            }
        }
    }

    private void count(byte[] entry) {
        entries.incrementAndGet();
        bytes.addAndGet(entry.length);
        switch (type(entry)) {
            case "TransferPosted" -> decided.incrementAndGet();
            case "TransferSent" -> {
                decided.incrementAndGet();
                inTransit.incrementAndGet();
            }
            case "TransferReceived", "TransferReturned" -> inTransit.decrementAndGet();
            case "CommandRejected" -> rejected.incrementAndGet();
            default -> {}
        }
    }

    private static String type(byte[] entry) {
        for (int i = 0; i < TYPE_WITHIN; i++) {
            int matched = 0;
            while (matched < TYPE.length && entry[i + matched] == TYPE[matched]) {
                matched++;
            }
            if (matched == TYPE.length) {
                int end = i + matched;
                while (entry[end] != '"') {
                    end++;
                }
                return new String(entry, i + matched, end - i - matched, StandardCharsets.US_ASCII);
            }
        }
        throw new IllegalStateException("no type near the beginning of an entry");
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
