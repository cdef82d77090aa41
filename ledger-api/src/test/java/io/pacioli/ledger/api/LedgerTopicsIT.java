package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LedgerTopicsIT {
    private final Admin admin = Admin.create(Map.of("bootstrap.servers", Broker.bootstrapServers()));

    @AfterAll
    void stop() {
        admin.close();
    }

    private static TopicSettings shards(int shards) {
        return new TopicSettings(shards, (short) 1);
    }

    private void create(String name, int partitions, Map<String, String> config)
            throws ExecutionException, InterruptedException, TimeoutException {
        NewTopic topic = new NewTopic(name, partitions, (short) 1).configs(config);
        admin.createTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
    }

    private Map<String, TopicDescription> describe(Topics topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        return admin.describeTopics(List.of(
                        topics.commands(),
                        topics.journal(),
                        topics.transit(),
                        topics.checkpoints(),
                        topics.deadLetters(),
                        topics.replies()))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS);
    }

    private String setting(String topic, String name)
            throws ExecutionException, InterruptedException, TimeoutException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Map<ConfigResource, Config> configs =
                admin.describeConfigs(List.of(resource)).all().get(30, TimeUnit.SECONDS);
        return Objects.requireNonNull(configs.get(resource)).get(name).value();
    }

    private Topics other() {
        Topics topics = Broker.freshTopics();
        LedgerTopics.ensure(admin, topics, shards(1));
        return topics;
    }

    @Test
    void createsWhatIsMissingWithItsSettings() throws Exception {
        Topics topics = Broker.freshTopics();
        assertThat(LedgerTopics.ensure(admin, topics, shards(4))).isEqualTo(4);
        Map<String, Integer> partitions = new HashMap<>();
        describe(topics)
                .forEach(
                        (name, topic) -> partitions.put(name, topic.partitions().size()));
        assertThat(partitions)
                .containsOnly(
                        Map.entry(topics.commands(), 4),
                        Map.entry(topics.journal(), 4),
                        Map.entry(topics.transit(), 4),
                        Map.entry(topics.checkpoints(), 4),
                        Map.entry(topics.deadLetters(), LedgerTopics.DEAD_LETTER_PARTITIONS),
                        Map.entry(topics.replies(), LedgerTopics.REPLY_PARTITIONS));
        assertThat(LedgerTopics.identity(admin, topics))
                .isEqualTo(LedgerTopics.identity(admin, topics))
                .isNotEqualTo(LedgerTopics.identity(admin, other()));
        assertThat(setting(topics.commands(), "message.timestamp.type")).isEqualTo("LogAppendTime");
        assertThat(setting(topics.transit(), "message.timestamp.type")).isEqualTo("LogAppendTime");
        assertThat(setting(topics.journal(), "message.timestamp.type")).isEqualTo("CreateTime");
        assertThat(setting(topics.commands(), "retention.ms")).isEqualTo("-1");
        assertThat(setting(topics.journal(), "retention.ms")).isEqualTo("-1");
        assertThat(setting(topics.journal(), "cleanup.policy")).isEqualTo("delete");
        assertThat(setting(topics.checkpoints(), "retention.ms")).isEqualTo("-1");
        assertThat(setting(topics.checkpoints(), "cleanup.policy")).isEqualTo("delete");
        assertThat(setting(topics.replies(), "retention.ms")).isEqualTo("3600000");
        assertThat(setting(topics.commands(), "max.message.bytes"))
                .isEqualTo(Integer.toString(LedgerTopics.COMMAND_RECORD_BYTES_MAX));
    }

    @Test
    void takesTopicsAsTheyAre() throws Exception {
        Topics topics = Broker.freshTopics();
        assertThat(LedgerTopics.ensure(admin, topics, shards(3))).isEqualTo(3);
        Map<String, TopicDescription> before = describe(topics);
        assertThat(LedgerTopics.ensure(admin, topics, shards(3))).isEqualTo(3);
        assertThat(LedgerTopics.ensure(admin, topics, TopicSettings.SINGLE_BROKER))
                .isEqualTo(3);
        assertThat(LedgerTopics.shards(admin, topics)).isEqualTo(3);
        assertThat(describe(topics)).isEqualTo(before);
    }

    @Test
    void makesSixShardsWhenNobodyAsksForAnotherNumber() {
        assertThat(LedgerTopics.ensure(admin, Broker.freshTopics(), TopicSettings.SINGLE_BROKER))
                .isEqualTo(6);
    }

    @Test
    void completesTopicsOfWhichSomeAreThere() throws Exception {
        Topics topics = Broker.freshTopics();
        create(topics.commands(), 2, Map.of("message.timestamp.type", "LogAppendTime"));
        assertThat(LedgerTopics.ensure(admin, topics, TopicSettings.SINGLE_BROKER))
                .isEqualTo(2);
        assertThat(LedgerTopics.shards(admin, topics)).isEqualTo(2);
    }

    @Test
    void mayRunInSeveralProcessesAtOnceAndSeesWhatItHasJustCreated() {
        for (int round = 0; round < 5; round++) {
            Topics topics = Broker.freshTopics();
            List<CompletableFuture<Integer>> counts = IntStream.range(0, 4)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> LedgerTopics.ensure(admin, topics, shards(2)), Thread::startVirtualThread))
                    .toList();
            assertThat(counts).allSatisfy(count -> assertThat(count.join()).isEqualTo(2));
        }
    }

    @Test
    void returnsWhenTheBrokerLeadsWhatItHasJustCreated() throws Exception {
        try (Admin impatient = Admin.create(Map.of("bootstrap.servers", Broker.bootstrapServers(), "retries", "0"))) {
            for (int round = 0; round < 5; round++) {
                Topics topics = Broker.freshTopics();
                LedgerTopics.ensure(admin, topics, shards(24));
                Map<TopicPartition, OffsetSpec> ends = IntStream.range(0, 24)
                        .boxed()
                        .collect(Collectors.toMap(
                                shard -> new TopicPartition(topics.journal(), shard), _ -> OffsetSpec.latest()));
                assertThat(impatient.listOffsets(ends).all().get(30, TimeUnit.SECONDS))
                        .hasSize(24);
            }
        }
    }

    @Test
    void refusesAnotherNumberOfShards() {
        Topics topics = Broker.freshTopics();
        LedgerTopics.ensure(admin, topics, shards(2));
        assertThatExceptionOfType(TopicMismatchException.class)
                .isThrownBy(() -> LedgerTopics.ensure(admin, topics, shards(3)))
                .withMessage("topic " + topics.commands()
                        + " must have 3 partitions, one a shard, fixed at creation: it has 2");
    }

    @Test
    void refusesTopicsThatDoNotFitTogether() throws Exception {
        Topics topics = Broker.freshTopics();
        create(topics.commands(), 2, Map.of("message.timestamp.type", "LogAppendTime"));
        create(topics.journal(), 3, Map.of());
        assertThatExceptionOfType(TopicMismatchException.class)
                .isThrownBy(() -> LedgerTopics.ensure(admin, topics, TopicSettings.SINGLE_BROKER))
                .withMessageStartingWith("topic " + topics.journal() + " must have 2 partitions");
    }

    @Test
    void refusesCommandsWhoseTimeTheirSendersChoose() throws Exception {
        Topics topics = Broker.freshTopics();
        create(topics.commands(), 2, Map.of());
        assertThatExceptionOfType(TopicMismatchException.class)
                .isThrownBy(() -> LedgerTopics.ensure(admin, topics, TopicSettings.SINGLE_BROKER))
                .withMessage("topic " + topics.commands()
                        + " must have message.timestamp.type=LogAppendTime, as time is data: it has CreateTime");
    }

    @Test
    void saysThatALedgerDoesNotExist() {
        Topics topics = Broker.freshTopics();
        assertThatExceptionOfType(TopicMismatchException.class)
                .isThrownBy(() -> LedgerTopics.shards(admin, topics))
                .withMessage("topic " + topics.commands() + " does not exist; start a processor first")
                .matches(TopicMismatchException::isMissing);
    }

    @Test
    void doesNotTakeTopicsThatAreBeingCreatedForWrongOnes() throws Exception {
        Topics topics = Broker.freshTopics();
        create(topics.commands(), 2, Map.of("message.timestamp.type", "LogAppendTime"));
        assertThatExceptionOfType(TopicMismatchException.class)
                .isThrownBy(() -> LedgerTopics.shards(admin, topics))
                .withMessage("topic " + topics.journal() + " does not exist; start a processor first")
                .matches(TopicMismatchException::isMissing);
    }

    @Test
    void saysThatTheClusterDoesNotAnswer() {
        Map<String, Object> nowhere = Map.of(
                "bootstrap.servers", "127.0.0.1:1", "default.api.timeout.ms", "1000", "request.timeout.ms", "1000");
        try (Admin lost = Admin.create(nowhere)) {
            assertThatExceptionOfType(KafkaException.class)
                    .isThrownBy(() -> LedgerTopics.ensure(lost, Topics.DEFAULT, TopicSettings.SINGLE_BROKER));
        }
    }
}
