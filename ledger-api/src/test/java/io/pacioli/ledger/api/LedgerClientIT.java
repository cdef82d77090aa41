package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerClientIT {
    private static final int SHARDS = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Topics topics = Broker.freshTopics();

    @BeforeEach
    void createTopics() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", Broker.bootstrapServers()))) {
            LedgerTopics.ensure(admin, topics, new TopicSettings(SHARDS, (short) 1));
        }
    }

    private LedgerClient connect(Duration timeout, int inFlightMax) {
        return connect(Map.of(), timeout, inFlightMax);
    }

    private LedgerClient connect(Map<String, String> more, Duration timeout, int inFlightMax) {
        Map<String, String> kafka = new HashMap<>(more);
        kafka.put("bootstrap.servers", Broker.bootstrapServers());
        return LedgerClient.connect(new LedgerClientSettings(kafka, topics, timeout, inFlightMax));
    }

    private LedgerClient connect() {
        return connect(TIMEOUT, LedgerClientSettings.IN_FLIGHT_DEFAULT);
    }

    private static Command transfer(String id, String from) {
        return new Command.Transfer(id, "GOLD", from, "bob", Amount.of(1), "", Map.of());
    }

    private static Throwable failure(CompletableFuture<?> future) {
        return Objects.requireNonNull(assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> future.get(60, TimeUnit.SECONDS))
                .actual()
                .getCause());
    }

    @Test
    void placesCommandsWhereTheRouterSays() throws Exception {
        KafkaRouter router = new KafkaRouter(SHARDS);
        try (LedgerClient client = connect()) {
            for (String account :
                    List.of("alice", "bob", "@GOLD", "till-7{acme}", "till-8{acme}", "\u00FC" + Samples.COIN, "{}x")) {
                RecordMetadata metadata =
                        client.send(transfer("t-" + account, account)).get(30, TimeUnit.SECONDS);
                assertThat(metadata.topic()).isEqualTo(topics.commands());
                assertThat(metadata.partition()).as(account).isEqualTo(router.shardOf(account));
            }
        }
    }

    @Test
    void hearsTheOutcomeOfEachOfManyCommands() throws Exception {
        try (Answerer answerer = Answerer.start(topics, SHARDS);
                LedgerClient client = connect();
                LedgerClient other = connect()) {
            List<CompletableFuture<Outcome>> outcomes = IntStream.range(0, 2_000)
                    .mapToObj(i -> (i % 2 == 0 ? client : other).submit(transfer("t-" + i, "user-" + i)))
                    .toList();
            for (int i = 0; i < outcomes.size(); i++) {
                Outcome outcome = outcomes.get(i).get(60, TimeUnit.SECONDS);
                assertThat(outcome.commandId()).isEqualTo("t-" + i);
                assertThat(outcome.position().shard()).isEqualTo(new KafkaRouter(SHARDS).shardOf("user-" + i));
            }
            assertThat(client.inFlight()).isZero();
            assertThat(answerer).isNotNull();
        }
    }

    @Test
    void hearsTheOutcomeOfEachCommandOfABatch() throws Exception {
        KafkaRouter router = new KafkaRouter(SHARDS);
        try (Answerer answerer = Answerer.start(topics, SHARDS);
                LedgerClient client = connect()) {
            List<Command> commands = IntStream.range(0, 5_000)
                    .mapToObj(i -> transfer("t-" + i / 2, "user-" + i))
                    .toList();

            List<Submission> submissions = client.submitAll(commands, TIMEOUT);

            for (int i = 0; i < commands.size(); i++) {
                Outcome outcome = submissions.get(i).outcome().get(60, TimeUnit.SECONDS);
                assertThat(outcome.commandId()).isEqualTo("t-" + i / 2);
                assertThat(outcome.position().shard()).isEqualTo(router.shardOf("user-" + i));
                RecordMetadata metadata = submissions.get(i).acknowledged().get(60, TimeUnit.SECONDS);
                assertThat(outcome.position().sequence()).isEqualTo(metadata.offset());
            }
            // Two batches a shard.
            assertThat(submissions.stream().map(s -> s.acknowledged().join()).distinct())
                    .hasSize(6);
            assertThat(client.inFlight()).isZero();
            assertThat(answerer).isNotNull();
        }
    }

    @Test
    void sendsManyCommandsInFewRecords() throws Exception {
        try (LedgerClient client = connect()) {
            List<Command> commands = IntStream.range(0, 300)
                    .mapToObj(i -> transfer("t-" + i, "user-" + i))
                    .toList();
            List<CompletableFuture<RecordMetadata>> sent = client.sendAll(commands);
            for (int i = 0; i < commands.size(); i++) {
                assertThat(sent.get(i).get(30, TimeUnit.SECONDS).partition())
                        .isEqualTo(new KafkaRouter(SHARDS).shardOf("user-" + i));
            }
            assertThat(sent.stream().map(CompletableFuture::join).distinct()).hasSize(SHARDS);
        }
    }

    @Test
    void sendsAllOrNothingOfWhatMayBeInFlight() throws Exception {
        try (LedgerClient client = connect(Duration.ofSeconds(2), 2)) {
            List<Command> three = List.of(transfer("t-1", "a"), transfer("t-2", "b"), transfer("t-3", "c"));
            for (Submission submission : client.submitAll(three, TIMEOUT)) {
                assertThat(failure(submission.outcome())).isInstanceOf(TooManyInFlightException.class);
            }
            assertThat(client.inFlight()).isZero();
            List<Submission> two = client.submitAll(three.subList(1, 3), Duration.ofMillis(300));
            assertThat(failure(two.getFirst().outcome())).isInstanceOf(TimeoutException.class);
            assertThat(failure(two.getLast().outcome())).isInstanceOf(TimeoutException.class);
        }
    }

    /** Puts a header on every record that makes a batch one that no processor takes, as tracing may. All clients get it, as tracing is. */
    public static final class LargeHeader
            implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
        /** For Kafka, which makes it by name. */
        public LargeHeader() {}

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
            record.headers().add("baggage", new byte[Batch.ENVELOPE_BYTES_MAX]);
            return record;
        }

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}

        @Override
        public void configure(Map<String, ?> settings) {}
    }

    @Test
    void tellsAllCommandsOfABatchThatItWasRefusedAsAWhole() throws Exception {
        Map<String, String> baggage = Map.of("interceptor.classes", LargeHeader.class.getName());
        try (Answerer answerer = Answerer.start(topics, SHARDS);
                LedgerClient client = connect(baggage, TIMEOUT, 3)) {
            assertThat(answerer).isNotNull();
            List<Command> three = List.of(transfer("t-1", "a"), transfer("t-2", "a"), transfer("t-3", "a"));
            for (int times = 0; times < 2; times++) {
                List<Submission> submissions = client.submitAll(three, TIMEOUT);
                assertThat(submissions)
                        .allSatisfy(submission -> assertThat(failure(submission.outcome()))
                                .isInstanceOf(MalformedException.class)
                                .hasMessageContaining("bytes of key and headers"));
            }
            assertThat(client.inFlight()).isZero();
            assertThat(client.submit(three.getFirst(), TIMEOUT)
                            .outcome()
                            .get(60, TimeUnit.SECONDS)
                            .commandId())
                    .isEqualTo("t-1");
        }
    }

    @Test
    void aTimeoutBeyondAllTimeKeepsNoPlaces() throws Exception {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        try (Answerer answerer = Answerer.start(topics, SHARDS);
                LedgerClient client = connect(TIMEOUT, 2)) {
            assertThat(answerer).isNotNull();
            List<Command> two = List.of(transfer("t-1", "a"), transfer("t-2", "b"));
            for (int times = 0; times < 3; times++) {
                assertThat(client.submit(two.getFirst(), forEver).outcome().get(60, TimeUnit.SECONDS))
                        .isInstanceOf(Outcome.Accepted.class);
                for (Submission submission : client.submitAll(two, forEver)) {
                    assertThat(submission.outcome().get(60, TimeUnit.SECONDS)).isInstanceOf(Outcome.Accepted.class);
                }
            }
        }
    }

    @Test
    void failsWithATimeoutWhenNobodyAnswersAndTellsThatTheCommandIsThere() throws Exception {
        try (LedgerClient client = connect()) {
            Submission submission = client.submit(transfer("t-1", "alice"), Duration.ofMillis(300));
            assertThat(failure(submission.outcome())).isInstanceOf(TimeoutException.class);
            assertThat(submission.acknowledged().get(30, TimeUnit.SECONDS).hasOffset())
                    .isTrue();
            assertThat(client.inFlight()).isZero();
        }
    }

    @Test
    void sendsNothingBeyondWhatMayBeInFlight() throws Exception {
        try (LedgerClient client = connect(Duration.ofSeconds(2), 2)) {
            CompletableFuture<Outcome> first = client.submit(transfer("t-1", "alice"));
            CompletableFuture<Outcome> second = client.submit(transfer("t-2", "alice"));
            assertThat(client.inFlight()).isEqualTo(2);
            assertThat(failure(client.submit(transfer("t-3", "alice"))))
                    .isInstanceOf(TooManyInFlightException.class)
                    .hasMessage("must wait for earlier outcomes first: in flight 2");
            assertThat(failure(first)).isInstanceOf(TimeoutException.class);
            assertThat(failure(second)).isInstanceOf(TimeoutException.class);
            assertThat(failure(client.submit(transfer("t-3", "alice")))).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void takesPendingForAnAnswer() throws Exception {
        Outcome pending = new Outcome.Pending("t-1", new Position(0, 7), 1, "CommandDeferred");
        try (Answerer answerer = Answerer.start(topics, SHARDS, value -> OutcomeCodec.encode(pending));
                LedgerClient client = connect()) {
            assertThat(answerer).isNotNull();
            assertThat(client.submit(transfer("t-1", "alice")).get(60, TimeUnit.SECONDS))
                    .isEqualTo(pending);
            assertThat(client.inFlight()).isZero();
        }
    }

    @Test
    void saysThatTheLedgerCouldNotReadTheCommand() {
        byte[] malformed = OutcomeCodec.encode(new MalformedException("from", "must be nice", "eve"));
        try (Answerer answerer = Answerer.start(topics, SHARDS, value -> malformed);
                LedgerClient client = connect()) {
            assertThat(answerer).isNotNull();
            assertThat(failure(client.submit(transfer("t-1", "alice"))))
                    .isInstanceOf(MalformedException.class)
                    .hasMessage("from must be nice: eve");
        }
    }

    @Test
    void goesOnAfterAnswersThatMakeNoSense() throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        try (Answerer answerer = Answerer.start(
                        topics,
                        SHARDS,
                        value -> first.getAndSet(false) ? "{\"outcome\":7}".getBytes(StandardCharsets.UTF_8) : value);
                LedgerClient client = connect();
                KafkaProducer<byte[], byte[]> stranger = new KafkaProducer<>(
                        Map.of("bootstrap.servers", Broker.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            assertThat(answerer).isNotNull();
            for (int partition = 0; partition < LedgerTopics.REPLY_PARTITIONS; partition++) {
                for (byte[] correlation : List.of(new byte[0], new byte[3], new byte[16], new byte[20])) {
                    ProducerRecord<byte[], byte[]> noise =
                            new ProducerRecord<>(topics.replies(), partition, null, null);
                    noise.headers().add(Headers.CORRELATION_ID, correlation);
                    stranger.send(noise).get(30, TimeUnit.SECONDS);
                }
                stranger.send(new ProducerRecord<>(topics.replies(), partition, null, new byte[] {1}))
                        .get(30, TimeUnit.SECONDS);
            }
            assertThat(failure(client.submit(transfer("t-1", "alice")))).isInstanceOf(MalformedException.class);
            assertThat(client.submit(transfer("t-2", "alice"))
                            .get(60, TimeUnit.SECONDS)
                            .commandId())
                    .isEqualTo("t-2");
        }
    }

    @Test
    void failsWhatIsStillAwaitedWhenItCloses() {
        LedgerClient client = connect();
        CompletableFuture<Outcome> outcome = client.submit(transfer("t-1", "alice"));
        client.close();
        assertThat(failure(outcome)).isInstanceOf(KafkaException.class).hasMessage("the client was closed");
        assertThat(failure(client.submit(transfer("t-2", "alice")))).isInstanceOf(IllegalStateException.class);
        assertThat(failure(client.send(transfer("t-3", "alice")))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void cannotConnectWithoutABrokerOrTopics() {
        Topics missing = Broker.freshTopics();
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> LedgerClient.connect(new LedgerClientSettings(
                        Map.of("bootstrap.servers", Broker.bootstrapServers()), missing, Duration.ofSeconds(5), 1)))
                .withMessageContaining(missing.replies());
        assertThatExceptionOfType(KafkaException.class)
                .isThrownBy(() -> LedgerClient.connect(new LedgerClientSettings(
                        Map.of("bootstrap.servers", "127.0.0.1:1"), topics, Duration.ofSeconds(2), 1)));
    }
}
