package io.pacioli.ledger.recovery;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Writes the state of shards into the topic that processors restore it from. Not thread safe. */
final class StateWriter implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(60);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    StateWriter(Map<String, String> kafka, String topic) {
        this.topic = topic;
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 * 1024);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.putAll(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        producer = new KafkaProducer<>(properties);
    }

    void write(int shard, long atMillis, byte[] key, byte[] value) {
        require();
        var _ = producer.send(new ProducerRecord<>(topic, shard, atMillis, key, value), (metadata, exception) -> {
            if (exception != null) {
                failure.compareAndSet(null, exception);
            }
        });
    }

    private void require() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new RecoveryException("cannot write to " + topic + ": " + failed.getMessage(), failed);
        }
    }

    /** Waits until all is written; throws when it was not. */
    @Override
    public void close() {
        producer.close(CLOSE);
        require();
    }
}
