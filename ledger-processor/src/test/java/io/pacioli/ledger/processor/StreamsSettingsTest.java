package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Topics;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the clients of Kafka Streams come to have. */
final class StreamsSettingsTest {
    private static final ReplyTopics NO_REPLIES = new ReplyTopics() {
        @Override
        public int partitions(String topic) {
            return FORBIDDEN;
        }

        @Override
        public boolean refused(String topic) {
            return false;
        }
    };

    private static ConsumerConfig mainConsumer(Map<String, String> given) {
        return new ConsumerConfig(deserializing(streams(given).getMainConsumerConfigs("group", "client", 0)));
    }

    private static ConsumerConfig restoreConsumer(Map<String, String> given) {
        return new ConsumerConfig(deserializing(streams(given).getRestoreConsumerConfigs("client")));
    }

    private static StreamsConfig streams(Map<String, String> given) {
        Map<String, String> kafka = new HashMap<>(given);
        kafka.put("bootstrap.servers", "127.0.0.1:9092");
        ProcessorSettings settings = ProcessorSettings.of(kafka, Topics.DEFAULT, Path.of("state"));
        return new StreamsConfig(StreamsSettings.of(settings, NO_REPLIES, 8_000));
    }

    /** Kafka Streams hands the deserializers to the consumer itself. */
    private static Map<String, Object> deserializing(Map<String, Object> configs) {
        configs.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        configs.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return configs;
    }

    @Test
    void theProcessorBoundsWhatItFetches() {
        ConsumerConfig consumer = mainConsumer(Map.of());
        assertThat(consumer.getInt("fetch.max.bytes")).isEqualTo(1 << 20);
        assertThat(consumer.getInt("max.partition.fetch.bytes")).isEqualTo(1 << 18);
        assertThat(consumer.getInt("max.poll.records")).isEqualTo(250);
        assertThat(consumer.getInt("session.timeout.ms")).isEqualTo(8_000);
        assertThat(consumer.getInt("heartbeat.interval.ms")).isEqualTo(2_000);
    }

    @Test
    void anIdleThreadLooksSeveralTimesInACommitInterval() {
        assertThat(streams(Map.of()).getLong("poll.ms")).isEqualTo(8);
        assertThat(streams(Map.of("poll.ms", "50")).getLong("poll.ms")).isEqualTo(50);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "consumer.", "main.consumer."})
    void whatTheOperatorGaveWinsHoweverBroadItsName(String prefix) {
        ConsumerConfig consumer = mainConsumer(Map.of(
                prefix + "fetch.max.bytes", "7000000",
                prefix + "max.partition.fetch.bytes", "3000000",
                prefix + "max.poll.records", "77",
                prefix + "session.timeout.ms", "20000"));
        assertThat(consumer.getInt("fetch.max.bytes")).isEqualTo(7_000_000);
        assertThat(consumer.getInt("max.partition.fetch.bytes")).isEqualTo(3_000_000);
        assertThat(consumer.getInt("max.poll.records")).isEqualTo(77);
        assertThat(consumer.getInt("session.timeout.ms")).isEqualTo(20_000);
    }

    @Test
    void theNarrowestNameOfTheOperatorWins() {
        ConsumerConfig consumer = mainConsumer(Map.of(
                "max.poll.records", "1", "consumer.max.poll.records", "2", "main.consumer.max.poll.records", "3"));
        assertThat(consumer.getInt("max.poll.records")).isEqualTo(3);
        assertThat(restoreConsumer(Map.of("main.consumer.max.poll.records", "3"))
                        .getInt("max.poll.records"))
                .isEqualTo(4_000);
    }

    @Test
    void whatALedgerInsistsOnStays() {
        assertThat(mainConsumer(Map.of("auto.offset.reset", "latest")).getString("auto.offset.reset"))
                .isEqualTo("earliest");
        assertThat(mainConsumer(Map.of("isolation.level", "read_uncommitted")).getString("isolation.level"))
                .isEqualTo("read_committed");
    }

    @Test
    void aProcessorThatHasComeGetsItsShareSoon() {
        assertThat(streams(Map.of()).getLong("probing.rebalance.interval.ms")).isEqualTo(60_000);
        assertThat(streams(Map.of()).getInt("max.warmup.replicas")).isEqualTo(1_000);
        assertThat(streams(Map.of("probing.rebalance.interval.ms", "120000")).getLong("probing.rebalance.interval.ms"))
                .isEqualTo(120_000);
    }

    @Test
    void aSessionIsThreeOfTheOperatorsHeartbeatsAtLeast() {
        assertThat(mainConsumer(Map.of("consumer.heartbeat.interval.ms", "5000"))
                        .getInt("session.timeout.ms"))
                .isEqualTo(15_000);
        assertThat(mainConsumer(Map.of("heartbeat.interval.ms", "500")).getInt("session.timeout.ms"))
                .isEqualTo(8_000);
        assertThat(mainConsumer(Map.of("heartbeat.interval.ms", "5000", "session.timeout.ms", "9000"))
                        .getInt("session.timeout.ms"))
                .isEqualTo(9_000);
    }
}
