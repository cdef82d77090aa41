package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.service.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The whole topology with one shard, its caches, changelog and RocksDB included, without a broker. Not thread safe. */
final class OneShardLedger implements AutoCloseable {
    static final Topics TOPICS = Topics.withPrefix("test");
    static final long START_MILLIS = 1_700_000_000_000L;

    /** Partitions by name of the reply topics that there are; a topic is forbidden when it is not called a reply topic. */
    final Map<String, Integer> replyTopics = new HashMap<>(Map.of(TOPICS.replies(), 1));

    final Metrics metrics = new Metrics();
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> commands;
    private final TestInputTopic<byte[], byte[]> transit;
    private long atMillis = START_MILLIS;

    OneShardLedger(Path directory) {
        ReplyTopics known = new KnownTopics();
        Properties properties = StreamsSettings.of(
                ProcessorSettings.of(Map.of("bootstrap.servers", "nowhere.invalid:9092"), TOPICS, directory),
                known,
                ShortestSession.USUAL_MILLIS);
        ProcessorMetrics processorMetrics = new ProcessorMetrics(metrics.registry());
        Topology topology = LedgerTopology.of(
                TOPICS,
                Map.of(),
                () -> new LedgerProcessor(
                        TOPICS,
                        new KafkaRouter(1),
                        Sample.configuration(1),
                        ThreadLocal.withInitial(() -> new EarlyCommit(Duration.ofMillis(25))),
                        new AccountCache(10, 1 << 20),
                        known,
                        processorMetrics));
        driver = new TopologyTestDriver(topology, properties, Instant.ofEpochMilli(START_MILLIS));
        commands = driver.createInputTopic(TOPICS.commands(), new ByteArraySerializer(), new ByteArraySerializer());
        transit = driver.createInputTopic(TOPICS.transit(), new ByteArraySerializer(), new ByteArraySerializer());
    }

    OneShardLedger given(Command... given) {
        for (Command command : given) {
            send(command);
        }
        return this;
    }

    void send(Command command) {
        send(command, new RecordHeaders());
    }

    void send(Command command, org.apache.kafka.common.header.Headers headers) {
        send(Headers.text(command.routingKey()), CommandCodec.encode(command), headers);
    }

    void send(byte @Nullable [] key, byte @Nullable [] value, org.apache.kafka.common.header.Headers headers) {
        commands.pipeInput(new TestRecord<>(key, value, headers, Instant.ofEpochMilli(atMillis)));
    }

    void sendTransit(byte @Nullable [] value) {
        transit.pipeInput(new TestRecord<>(null, value, new RecordHeaders(), Instant.ofEpochMilli(atMillis)));
    }

    /** Moves the time of records and the wall clock, which runs what is scheduled. */
    void pass(Duration time) {
        atMillis += time.toMillis();
        driver.advanceWallClockTime(time);
    }

    /** What was written to a topic since it was asked for last. */
    List<TestRecord<byte[], byte[]>> written(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /** What was journaled since it was asked for last. */
    List<JournalRecord> journaled() {
        List<JournalRecord> records = new ArrayList<>();
        written(TOPICS.journal()).forEach(record -> records.add(JournalCodec.decode(record.value())));
        return records;
    }

    /** The types of the events since they were asked for last. */
    List<String> events() {
        return journaled().stream().map(r -> r.entry().event().type()).toList();
    }

    /** What a metric stands at. */
    double count(String name) {
        return metrics.registry().get(name).counter().count();
    }

    /** What the test says of reply topics. */
    private final class KnownTopics implements ReplyTopics {
        @Override
        public int partitions(String topic) {
            return topic.startsWith(TOPICS.replies()) ? replyTopics.getOrDefault(topic, UNKNOWN) : FORBIDDEN;
        }

        @Override
        public boolean refused(String topic) {
            return topic.startsWith(TOPICS.replies());
        }
    }

    @Override
    public void close() {
        driver.close();
        metrics.close();
    }
}
