package io.pacioli.ledger.audit.notary;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the notary's clients of Kafka. */
final class NotaryClients {
    private static final int POLL_RECORDS_MAX = 4_000;

    /** Nobody waits for signatures, and a notary that was given up while it was only slow has its transaction refused. */
    private static final int SESSION_MILLIS = 10_000;

    private static final int HEARTBEAT_MILLIS = 2_000;
    private static final int API_MILLIS = 10_000;

    /** What a notary that died has begun is aborted after that time, and nobody else signs its shards before. */
    private static final int TRANSACTION_MILLIS = 10_000;

    private final NotarySettings settings;

    /** One a process: a client that replaces another aborts what that one has begun. */
    private final String transactionalId;

    NotaryClients(NotarySettings settings) {
        this.settings = settings;
        transactionalId = group() + "-" + UUID.randomUUID();
    }

    private String group() {
        return settings.topics().journal() + ".notary";
    }

    /** A member of the group of notaries, which reads the journal. */
    Consumer<byte[], byte[]> member() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
        config.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        config.putAll(reading());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, group());
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Reads what was published, in no group. */
    Consumer<byte[], byte[]> reader() {
        return new KafkaConsumer<>(reading(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, Object> reading() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_MILLIS);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
        config.putAll(settings.kafka());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return config;
    }

    /** Publishes checkpoints. */
    Producer<byte[], byte[]> producer() {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, API_MILLIS);
        config.putAll(settings.kafka());
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
