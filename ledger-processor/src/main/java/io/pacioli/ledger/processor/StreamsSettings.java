package io.pacioli.ledger.processor;

import io.pacioli.ledger.core.ShardConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of Kafka Streams: what a ledger insists on wins over what the operator gave, which wins over the rest. */
final class StreamsSettings {
    private static final String CONSUMER = StreamsConfig.CONSUMER_PREFIX;
    private static final String RECORD_BYTES_MAX = Integer.toString(4 << 20);

    /** How much rarer transactions commit under load, see {@link LedgerProcessor}. */
    private static final int LOADED_COMMIT_FACTOR = 4;

    /**
     * Most bytes of one fetch from a broker, as that stores them, whatever the number of shards; a larger batch of a producer comes alone. A
     * thread takes in all that it has fetched before it asks for more, so that this bounds what it holds, and how much it does between
     * two looks whether it is time to commit, also when each record is a batch of commands. Single commands come by many
     * thousands in as much.
     */
    private static final int FETCH_BYTES_MAX = 1 << 20;

    /** Most bytes of a partition in one fetch: no shard takes all of it while others wait. */
    private static final int PARTITION_FETCH_BYTES_MAX = FETCH_BYTES_MAX / 4;

    /** Most records of one poll: however well batches were compressed, they take no more than 1 MiB each when they are taken in. */
    private static final int POLLED_RECORDS_MAX = 250;

    /**
     * Records from which on no more are fetched of a partition whose shard waits for its other one. While nothing waits, all that
     * one fetch brought is taken in before the next whatever this is.
     */
    private static final int BUFFERED_RECORDS_MAX = 100;

    /**
     * How soon a processor that has come gets its share of the shards, once it has their state: the least that Kafka Streams takes. Until
     * then it has standby replicas alone, and the others all of the work (KIP-441). It restores all that it will get at the same time.
     */
    private static final long PROBING_MILLIS = 60_000;

    /** The shortest and the longest that a thread waits for records; the latter is Kafka Streams' own choice. */
    private static final long POLL_MILLIS_MIN = 5;

    private static final long POLL_MILLIS_MAX = 100;

    /** How often a thread with nothing to read looks, in a commit interval, whether it is time to commit. */
    private static final int POLLS_PER_COMMIT = 3;

    /** How many heartbeats may be missing before a processor is given up. */
    private static final int HEARTBEATS_MISSING = 3;

    private StreamsSettings() {}

    /** @param sessionMillis without a heartbeat until a processor is given up, unless the operator has said otherwise */
    static Properties of(ProcessorSettings settings, ReplyTopics replyTopics, int sessionMillis) {
        Properties properties = new Properties();
        defaults(properties);
        properties.put(StreamsConfig.POLL_MS_CONFIG, pollMillis(settings.commitInterval()));
        // A killed processor is noticed after the session timeout; its transaction is aborted when its successor
        // starts.
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                Math.max(sessionMillis, HEARTBEATS_MISSING * heartbeatMillis(settings.kafka())));
        properties.put(
                StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                sessionMillis / (HEARTBEATS_MISSING + 1));
        settings.kafka().keySet().forEach(name -> dropNarrower(properties, name));
        properties.putAll(settings.kafka());
        // The names that Streams gives say which process a client is of, see LeftTransactions.
        properties.remove(StreamsConfig.CLIENT_ID_CONFIG);
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDirectory().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().multipliedBy(LOADED_COMMIT_FACTOR).toMillis());
        properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbyReplicas());
        // The shards keep what has changed themselves, see ShardStateStore.
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        properties.put(StateMemory.BYTES, settings.stateMemoryBytes());
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int)
                settings.topicSettings().replicationFactor());
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        properties.remove(StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG));
        properties.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, RefusedReplies.class);
        properties.put(RefusedReplies.REPLY_TOPICS, replyTopics);
        return properties;
    }

    /** A thread looks between two polls only whether it is time to commit, so a lone command would wait for all of a poll. */
    private static long pollMillis(Duration commitInterval) {
        return Math.clamp(commitInterval.toMillis() / POLLS_PER_COMMIT, POLL_MILLIS_MIN, POLL_MILLIS_MAX);
    }

    /** The rarest heartbeat that the operator has asked for, in milliseconds; 0 when none. What is no number is for Kafka to refuse. */
    private static int heartbeatMillis(Map<String, String> kafka) {
        return Stream.of("", CONSUMER, StreamsConfig.MAIN_CONSUMER_PREFIX)
                .map(prefix -> kafka.getOrDefault(prefix + ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, ""))
                .filter(given -> given.matches("[0-9]{1,8}"))
                .mapToInt(Integer::parseInt)
                .max()
                .orElse(0);
    }

    /**
     * Drops the defaults that would win over what the operator has said for all clients, or all consumers: to Kafka Streams, the narrower
     * name counts. Those of the producers stay, as they only hold together.
     */
    private static void dropNarrower(Properties properties, String given) {
        String name = given.startsWith(CONSUMER) ? given.substring(CONSUMER.length()) : given;
        properties.remove(StreamsConfig.mainConsumerPrefix(name));
        if (!given.startsWith(CONSUMER)) {
            properties.remove(StreamsConfig.consumerPrefix(name));
        }
    }

    private static void defaults(Properties properties) {
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemory.class);
        properties.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, PROBING_MILLIS);
        properties.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, ShardConfiguration.SHARDS_MAX);
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS_MAX);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 4_000);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), POLLED_RECORDS_MAX);
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), FETCH_BYTES_MAX);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG),
                PARTITION_FETCH_BYTES_MAX);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 64L << 20);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), RECORD_BYTES_MAX);
        // The coordinator gives a transaction up after 10 s: no point in trying for much longer, least of all with a
        // reply topic that is gone, as all shards of the thread wait meanwhile.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 15_000);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), 15_000);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG), 10_000);
        // A transaction's first records may meet the end of the one before it (KIP-890) and are sent again at once.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG), 100);
    }
}
