package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.api.Tick;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
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
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** One of several shards, driven by hand: the test delivers what it sends. Not thread safe. */
final class LoneShard implements AutoCloseable {
    static final Topics TOPICS = Topics.withPrefix("test");
    static final long START_MILLIS = 1_700_000_000_000L;

    /** Kafka's name for partitions that the key decides. */
    private static final int BY_KEY = -1;

    private final int number;
    private final KafkaRouter router;
    private final File directory;
    private final ThreadLocal<EarlyCommit> earlyCommits;
    private final ShardStateStore store;
    private final Metrics metrics = new Metrics();
    private MockProcessorContext<Destination, byte[]> context;
    private LedgerProcessor processor;
    private long commands;
    private long transits;
    private long atMillis = START_MILLIS;
    private long clockAheadMillis;
    private int transitTaken;
    private int ticksTaken;
    private boolean timesOut;

    LoneShard(int number, int shards, Path directory) {
        this(number, shards, directory, ThreadLocal.withInitial(() -> new EarlyCommit(Duration.ofMillis(25))));
    }

    LoneShard(int number, int shards, Path directory, ThreadLocal<EarlyCommit> earlyCommits) {
        this.number = number;
        this.earlyCommits = earlyCommits;
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
                new MockProcessorContext<>(new Properties(), new TaskId(0, number), directory) {
                    @Override
                    @SuppressWarnings({"rawtypes", "unchecked"}) // No type variable can have an array as its bound.
                    public void forward(Record record, String sink) {
                        if (timesOut) {
                            throw new TimeoutException(sink);
                        }
                        super.forward(record, sink);
                    }
                };
        fresh.addStateStore(store);
        return fresh;
    }

    private LedgerProcessor processor(ShardConfiguration configuration) {
        LedgerProcessor fresh = new LedgerProcessor(
                TOPICS,
                router,
                configuration,
                earlyCommits,
                new AccountCache(2, 1 << 20),
                new OneReplyTopic(),
                new ProcessorMetrics(metrics.registry()));
        context.setCurrentSystemTimeMs(atMillis + clockAheadMillis);
        fresh.init(context);
        return fresh;
    }

    /** Another processor over what this one has committed, which is everything, as after a restart. */
    void restart(ShardConfiguration configuration) {
        store.flushCache();
        transitTaken = 0;
        ticksTaken = 0;
        context = context();
        processor = processor(configuration);
    }

    /** Lets time pass, on the broker and on the machine. */
    void pass(long millis) {
        atMillis += millis;
        context.setCurrentSystemTimeMs(atMillis + clockAheadMillis);
    }

    /** Sets how far the machine's clock is ahead of the broker's. */
    void clockAhead(long millis) {
        clockAheadMillis = millis;
        pass(0);
    }

    /** From now on nothing can be sent in time. */
    void timeOut() {
        timesOut = true;
    }

    /** Does what is done now and then, whatever comes. */
    void housekeeping() {
        long now = context.currentSystemTimeMs();
        context.scheduledPunctuators().getFirst().getPunctuator().punctuate(now);
    }

    /** Looks whether it is time to commit. */
    void look() {
        context.scheduledPunctuators().getLast().getPunctuator().punctuate(context.currentSystemTimeMs());
    }

    /** The processor is closed, as when its task is given up. */
    void giveUp() {
        processor.close();
    }

    /** Whether anything is still done now and then. */
    boolean isScheduled() {
        return context.scheduledPunctuators().stream().anyMatch(punctuator -> !punctuator.cancelled());
    }

    /** Whether it has asked for a commit. */
    boolean hasAskedForCommit() {
        return context.committed();
    }

    /** The ticks that this processor has sent to itself since they were asked for last. */
    int takeTicks() {
        List<Record<? extends Destination, ? extends byte[]>> ticks = sent(LedgerTopology.FORWARDED).stream()
                .filter(record -> Tick.is(record.value()))
                .toList();
        for (Record<? extends Destination, ? extends byte[]> tick : ticks) {
            if (partition(tick) != number || key(tick) != null) {
                throw new AssertionError("sent to partition " + partition(tick));
            }
        }
        int fresh = ticks.size() - ticksTaken;
        ticksTaken = ticks.size();
        return fresh;
    }

    void tick() {
        command(Tick.bytes(), new RecordHeaders());
    }

    /** Reads the commands again from an offset on, as when Kafka has lost how far they were read. */
    void rewind(long offset) {
        commands = offset;
    }

    void command(Command command) {
        command(command, new RecordHeaders());
    }

    void command(Command command, org.apache.kafka.common.header.Headers headers) {
        command(CommandCodec.encode(command), headers);
    }

    /** Delivers a command whose outcome is wanted. */
    void command(Command command, String correlation) {
        command(command, Sample.replyTo(TOPICS.replies(), correlation));
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

    /** What is stored as of the last commit. */
    KeyValueStore<byte[], byte[]> stored() {
        return store.stored();
    }

    /** What this processor sent to other shards since it was asked for last. */
    List<Transit> takeTransit() {
        List<Transit> all = transit();
        List<Transit> fresh = all.subList(transitTaken, all.size());
        transitTaken = all.size();
        return fresh;
    }

    /** The outcomes that this processor sent, each behind the word that it is known by. */
    List<String> replies() {
        List<String> replies = new ArrayList<>();
        for (Record<? extends Destination, ? extends byte[]> record : sent(LedgerTopology.REPLIES)) {
            String correlation = Headers.text(record.headers(), Headers.CORRELATION_ID);
            replies.add(correlation + ": "
                    + switch (OutcomeCodec.decode(record.value())) {
                        case Outcome.Accepted o -> o.commandId() + " " + o.type();
                        case Outcome.Pending o -> o.commandId() + " pending " + o.type();
                        case Outcome.Refused o ->
                            o.commandId() + " " + o.rejected().code();
                    });
        }
        return replies;
    }

    /** What a metric stands at. */
    double count(String name, String... tags) {
        return metrics.registry().get(name).tags(tags).counter().count();
    }

    /** What this processor handed to a sink. */
    List<Record<? extends Destination, ? extends byte[]>> sent(String sink) {
        List<Record<? extends Destination, ? extends byte[]>> records = new ArrayList<>();
        for (CapturedForward<? extends Destination, ? extends byte[]> forward : context.forwarded(sink)) {
            records.add(forward.record());
        }
        return records;
    }

    private static final class OneReplyTopic implements ReplyTopics {
        @Override
        public int partitions(String topic) {
            return topic.equals(TOPICS.replies()) ? 1 : FORBIDDEN;
        }

        @Override
        public boolean refused(String topic) {
            return false;
        }
    }

    @Override
    public void close() {
        store.close();
        metrics.close();
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
