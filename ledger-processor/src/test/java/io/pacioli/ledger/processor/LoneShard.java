package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import io.pacioli.ledger.service.Metrics;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** One of several shards, driven by hand: the test delivers what it sends. Not thread safe. */
final class LoneShard implements AutoCloseable {
    static final Topics TOPICS = Topics.withPrefix("test");

    /** Kafka's name for partitions that the key decides. */
    private static final int BY_KEY = -1;

    private final int number;
    private final KafkaRouter router;
    private final File directory;
    private final ShardStateStore store;
    private MockProcessorContext<Destination, byte[]> context;
    private LedgerProcessor processor;
    private long commands;
    private long transits;
    private long atMillis = 1_700_000_000_000L;

    LoneShard(int number, int shards, Path directory) {
        this.number = number;
        this.directory = directory.resolve(Integer.toString(number)).toFile();
        router = new KafkaRouter(shards);
        store = ShardStateStore.builder(LedgerTopology.STATE, Map.of())
                .withLoggingDisabled()
                .build();
        context = context();
        store.init(context.getStateStoreContext(), store);
        processor = processor(Sample.configuration(shards));
    }

    private MockProcessorContext<Destination, byte[]> context() {
        MockProcessorContext<Destination, byte[]> fresh =
                new MockProcessorContext<>(new Properties(), new TaskId(0, number), directory);
        fresh.addStateStore(store);
        return fresh;
    }

    private LedgerProcessor processor(ShardConfiguration configuration) {
        LedgerProcessor fresh = new LedgerProcessor(
                TOPICS,
                router,
                configuration,
                Duration.ofMillis(25),
                2,
                new NoReplyTopics(),
                new ProcessorMetrics(new Metrics().registry()));
        fresh.init(context);
        return fresh;
    }

    /** Another processor over what this one has committed, which is everything, as after a restart. */
    void restart(ShardConfiguration configuration) {
        store.flushCache();
        context = context();
        processor = processor(configuration);
    }

    void pass(long millis) {
        atMillis += millis;
    }

    /** Reads the commands again from an offset on, as when Kafka has lost how far they were read. */
    void rewind(long offset) {
        commands = offset;
    }

    void command(Command command) {
        command(CommandCodec.encode(command), new RecordHeaders());
    }

    void command(byte @Nullable [] value, org.apache.kafka.common.header.Headers headers) {
        context.setRecordMetadata(TOPICS.commands(), number, commands++);
        processor.process(record(value, headers));
    }

    void transit(byte @Nullable [] value) {
        context.setRecordMetadata(TOPICS.transit(), number, transits++);
        processor.process(record(value, new RecordHeaders()));
    }

    void transit(Transit transit) {
        transit(TransitCodec.encode(transit));
    }

    @SuppressWarnings("NullAway") // Kafka's record holds null values, and says nothing about it.
    private Record<byte[], byte[]> record(byte @Nullable [] value, org.apache.kafka.common.header.Headers headers) {
        return new Record<>(Headers.text("key"), value, atMillis, headers);
    }

    /** What was journaled by this processor. */
    List<JournalRecord> journal() {
        List<JournalRecord> journal = new ArrayList<>();
        for (Record<? extends Destination, ? extends byte[]> record : sent(LedgerTopology.JOURNAL)) {
            journal.add(JournalCodec.decode(record.value()));
        }
        return journal;
    }

    List<String> events() {
        return journal().stream().map(r -> r.entry().event().type()).toList();
    }

    /** What this processor sent to other shards. */
    List<Transit> transit() {
        List<Transit> transit = new ArrayList<>();
        for (Record<? extends Destination, ? extends byte[]> record : sent(LedgerTopology.TRANSIT)) {
            Transit decoded = TransitCodec.decode(record.value());
            if (partition(record) != decoded.to()) {
                throw new AssertionError("sent to partition " + partition(record) + ": " + decoded);
            }
            transit.add(decoded);
        }
        return transit;
    }

    /** What this processor handed to a sink. */
    List<Record<? extends Destination, ? extends byte[]>> sent(String sink) {
        List<Record<? extends Destination, ? extends byte[]>> records = new ArrayList<>();
        for (CapturedForward<? extends Destination, ? extends byte[]> forward : context.forwarded(sink)) {
            records.add(forward.record());
        }
        return records;
    }

    private static final class NoReplyTopics implements ReplyTopics {
        @Override
        public int partitions(String topic) {
            return FORBIDDEN;
        }

        @Override
        public boolean refused(String topic) {
            return false;
        }
    }

    @Override
    public void close() {
        store.close();
    }

    /** The partition that a sink is told to use. */
    static int partition(Record<? extends Destination, ? extends byte[]> record) {
        return Destination.PARTITIONER
                .partitions("any", record.key(), record.value(), 1_000)
                .map(partitions -> partitions.iterator().next())
                .orElse(BY_KEY);
    }

    /** The key that a sink puts on the record. */
    static byte @Nullable [] key(Record<? extends Destination, ? extends byte[]> record) {
        return Destination.SERIALIZER.serialize("any", record.key());
    }
}
