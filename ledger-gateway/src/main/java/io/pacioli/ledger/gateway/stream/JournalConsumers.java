package io.pacioli.ledger.gateway.stream;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Makes consumers of the journal that belong to no group: each reads what it is told to, committed records only.
 *
 * @param kafka properties of Kafka's clients
 * @param topic the journal
 */
record JournalConsumers(Map<String, String> kafka, String topic) {
    private static final int API_MILLIS = 5_000;
    private static final int POLL_RECORDS_MAX = 1_000;
    private static final int FOLLOW_WAIT_MILLIS = 500;
    private static final int READ_WAIT_MILLIS = 10;
    private static final int FETCH_BYTES_MAX = 8 * 1024 * 1024;
    private static final int PARTITION_FETCH_BYTES_MAX = 1024 * 1024;

    /** One that waits for what comes. */
    Consumer<byte[], byte[]> following() {
        return make(FOLLOW_WAIT_MILLIS);
    }

    /** One that reads what is there: were it to wait at the end, it could not go elsewhere meanwhile. */
    Consumer<byte[], byte[]> reading() {
        return make(READ_WAIT_MILLIS);
    }

    private Consumer<byte[], byte[]> make(int waitMillis) {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_MILLIS);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES_MAX);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES_MAX);
        config.putAll(kafka);
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, waitMillis);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    TopicPartition partition(int shard) {
        return new TopicPartition(topic, shard);
    }
}
