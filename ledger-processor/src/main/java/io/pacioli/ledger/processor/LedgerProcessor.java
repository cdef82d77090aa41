package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.api.SealedEntry;
import io.pacioli.ledger.api.Tick;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Due;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.Punctuator;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One shard: loads, asks the core, stores and forwards. One instance a task, used by one thread at a time.
 *
 * <p>A record that is no command goes to the dead letters and the shard goes on. A message between shards that cannot be read, or a
 * violated invariant, means damaged books: the exception leaves the processor, nothing is committed and the service stops.
 */
final class LedgerProcessor implements Processor<byte[], byte[], Destination, byte[]> {
    private static final String BEGUN = Event.TransactionBegun.class.getSimpleName();
    private static final Duration HOUSEKEEPING = Duration.ofMillis(500);

    /** How long a tick may be on its way before another is sent. */
    private static final long TICK_MILLIS_MAX = 5_000;

    private final Topics topics;
    private final Ledger ledger;
    private final Router router;
    private final ShardConfiguration configuration;
    private final ThreadLocal<EarlyCommit> earlyCommits;
    private final AccountCache accountCache;
    private final ReplyTopics replyTopics;
    private final ProcessorMetrics metrics;
    private final List<Cancellable> scheduled = new ArrayList<>();

    private @Nullable Shard shard;
    private long noTickBeforeMillis;

    /** What a task has once it is initialised. */
    private record Shard(
            int number,
            ProcessorContext<Destination, byte[]> context,
            StoredShard state,
            MemorySweep sweep,
            Replies replies,
            EarlyCommit earlyCommit,
            Destination partition) {}

    /**
     * @param earlyCommits of each thread
     * @param accountCache of one shard
     */
    LedgerProcessor(
            Topics topics,
            Router router,
            ShardConfiguration configuration,
            ThreadLocal<EarlyCommit> earlyCommits,
            AccountCache accountCache,
            ReplyTopics replyTopics,
            ProcessorMetrics metrics) {
        this.topics = topics;
        this.router = router;
        this.configuration = configuration;
        this.earlyCommits = earlyCommits;
        this.accountCache = accountCache;
        this.replyTopics = replyTopics;
        this.metrics = metrics;
        ledger = new Ledger(router);
    }

    @Override
    public void init(ProcessorContext<Destination, byte[]> context) {
        int number = context.taskId().partition();
        ShardStateStore store = context.getStateStore(LedgerTopology.STATE);
        StoredShard state = store.open(number, accountCache);
        Shard initialised = new Shard(
                number,
                context,
                state,
                new MemorySweep(store.stored()),
                new Replies(context, replyTopics, metrics),
                earlyCommits.get(),
                Destination.partition(number, null));
        shard = initialised;
        schedule(context, HOUSEKEEPING, now -> keepHouse(initialised, now));
        EarlyCommit earlyCommit = initialised.earlyCommit;
        schedule(context, earlyCommit.interval(), now -> {
            // Kafka Streams counts a look as something to commit, so it listens to a shard without inputs, too.
            if (earlyCommit.isDue(System.nanoTime(), state.nanosSinceFlush())) {
                context.commit();
            }
        });
    }

    private void schedule(ProcessorContext<Destination, byte[]> context, Duration interval, Punctuator punctuator) {
        scheduled.add(context.schedule(interval, PunctuationType.WALL_CLOCK_TIME, punctuator));
    }

    /** A task that is revived after damage keeps what was scheduled before, beside what is scheduled anew. */
    @Override
    public void close() {
        scheduled.forEach(Cancellable::cancel);
        scheduled.clear();
    }

    /**
     * What is done between two records.
     *
     * <p>Kafka Streams would take a send that times out in here for damage of this task alone: it would commit what the task has journaled,
     * together with the inputs of the thread's other tasks but not with its own, which would be journaled once more. So the thread
     * has to end, as it does when a send times out while a record is processed, and all that it has not committed is undone.
     *
     * @throws StreamsException when something cannot be sent in time
     */
    private void keepHouse(Shard self, long nowMillis) {
        try {
            self.replies.retry(nowMillis);
            self.sweep.run(self.state.header());
            tickWhenDue(self, nowMillis);
        } catch (TimeoutException e) {
            throw new StreamsException("cannot send in time between two records", e);
        }
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Shard self = Objects.requireNonNull(shard, "the processor is initialised before it gets records");
        RecordMetadata metadata = self.context.recordMetadata().orElseThrow();
        String cause = Cause.of(metadata.topic(), metadata.partition(), metadata.offset());
        self.earlyCommit.add(1);
        configure(self, record.timestamp());
        if (metadata.topic().equals(topics.transit())) {
            Transit transit = TransitCodec.decode(record.value());
            decideWhatIsDue(self, record.timestamp());
            answer(self, journal(self, new Input.TransitInput(transit, cause, record.timestamp())), record.timestamp());
            return;
        }
        Progress progress = self.state.progress();
        if (progress.includes(metadata.offset(), record.timestamp())) {
            return;
        }
        self.state.progress(progress.advance(metadata.offset(), record.timestamp()));
        decideWhatIsDue(self, record.timestamp());
        List<CommandRecord.Part> parts = CommandRecord.read(
                record.key(), record.value(), record.headers(), cause, record.timestamp(), self.number, router);
        self.earlyCommit.add(parts.size() - 1);
        parts.forEach(part -> process(self, part(record, part), metadata, part));
    }

    /** A command of a batch is a record of its own from here on. */
    private static Record<byte[], byte[]> part(Record<byte[], byte[]> record, CommandRecord.Part part) {
        return part.index() == Cause.NO_INDEX
                ? record
                : new Record<>(
                        record.key(),
                        part.value(),
                        record.timestamp(),
                        CommandRecord.headers(record.headers(), part.index()));
    }

    private void process(Shard self, Record<byte[], byte[]> record, RecordMetadata metadata, CommandRecord.Part part) {
        switch (part.what()) {
            case CommandRecord.OfTick tick -> ticked(self, record.timestamp());
            case CommandRecord.Own own -> command(self, record, own.input());
            case CommandRecord.Misrouted misrouted -> forward(self, record, part.cause(), misrouted);
            case CommandRecord.Malformed malformed ->
                deadLetter(self, record, metadata, part.index(), malformed.reason());
        }
    }

    /** Journals the settings when they differ from those that the shard has, which is once in its life as a rule. */
    private void configure(Shard self, long atMillis) {
        if (!configuration.equals(self.state.header().configuration())) {
            journal(self, new Input.ConfigurationInput(configuration, Cause.CONFIGURATION, atMillis));
        }
    }

    /** Decides what is due at that time, the first first, within bounds: what is left is decided before the next input. */
    private void decideWhatIsDue(Shard self, long atMillis) {
        for (int decided = 0; decided < Ledger.DUE_PER_INPUT_MAX; decided++) {
            Input due = Ledger.due(self.state, atMillis);
            if (due == null) {
                return;
            }
            answer(self, journal(self, due), atMillis);
        }
    }

    /**
     * Lets time pass on a shard that gets no commands. By the clock of this machine it only asks for a {@link Tick}; what is due is
     * decided when that is read, by the broker's clock, and after all commands that the broker had before.
     */
    private void tickWhenDue(Shard self, long nowMillis) {
        Due due = self.state.firstDue();
        // A clock that was set back must not keep the shard waiting for what it said before.
        boolean mayTick = nowMillis >= noTickBeforeMillis || noTickBeforeMillis - nowMillis > TICK_MILLIS_MAX;
        if (due != null && due.atMillis() <= nowMillis && mayTick) {
            tick(self, nowMillis);
        }
    }

    private void tick(Shard self, long nowMillis) {
        noTickBeforeMillis = nowMillis + TICK_MILLIS_MAX;
        self.context.forward(
                new Record<>(self.partition, Tick.bytes(), nowMillis, new RecordHeaders()), LedgerTopology.FORWARDED);
    }

    /** A tick has come: the next follows at once when there is more to do, and in time when this was sent before it was time. */
    private void ticked(Shard self, long atMillis) {
        Due next = self.state.firstDue();
        long nowMillis = self.context.currentSystemTimeMs();
        if (Ledger.due(self.state, atMillis) != null) {
            tick(self, nowMillis);
        } else if (next != null && next.atMillis() <= nowMillis) {
            // This clock is ahead of the broker's, or the tick is an old one.
            noTickBeforeMillis = nowMillis + Math.min(TICK_MILLIS_MAX, next.atMillis() - atMillis);
        } else {
            noTickBeforeMillis = nowMillis;
        }
    }

    private void command(Shard self, Record<byte[], byte[]> record, Input.CommandInput input) {
        Outcome outcome = journal(self, input);
        if (outcome instanceof Outcome.Pending pending && pending.type().equals(BEGUN)) {
            // It is decided soon, when other shards have answered: until then there is nothing to say.
            keepAddress(self, pending.commandId(), record.headers());
        } else if (outcome != null) {
            self.replies.send(record.headers(), record.timestamp(), () -> OutcomeCodec.encode(outcome));
        }
    }

    private void keepAddress(Shard self, String commandId, org.apache.kafka.common.header.Headers headers) {
        if (headers.lastHeader(Headers.REPLY_TOPIC) == null) {
            return;
        }
        ReplyAddress address = ReplyAddress.of(headers);
        if (address == null || !self.state.keep(commandId, address)) {
            metrics.replyDropped();
        }
    }

    /** Tells all who wait for the outcome of a command that was not the input itself. */
    private static void answer(Shard self, @Nullable Outcome outcome, long atMillis) {
        if (outcome != null) {
            for (ReplyAddress address : self.state.take(outcome.commandId())) {
                self.replies.send(address.toHeaders(), atMillis, () -> OutcomeCodec.encode(outcome));
            }
        }
    }

    /** Decides, journals, applies and sends on; returns the outcome of the command that was decided, if one was. */
    private @Nullable Outcome journal(Shard self, Input input) {
        return switch (ledger.decide(input, self.state)) {
            case Decision.Journaled journaled -> {
                for (Entry entry : journaled.entries()) {
                    write(self, entry);
                }
                for (Transit transit : journaled.transit()) {
                    send(self, transit, input.atMillis());
                }
                Outcome outcome = journaled.outcome();
                if (outcome != null) {
                    metrics.decided(outcome);
                }
                yield outcome;
            }
            case Decision.Repeated repeated -> {
                metrics.repeated();
                yield repeated.outcome();
            }
            case Decision.Ignored ignored -> null;
        };
    }

    private void write(Shard self, Entry entry) {
        SealedEntry sealed = JournalCodec.encode(entry, self.state.chainHead());
        self.state.chainHead(sealed.hash());
        ledger.evolve(self.state, entry);
        self.context.forward(
                new Record<>(self.partition, sealed.bytes(), entry.atMillis(), new RecordHeaders()),
                LedgerTopology.JOURNAL);
        metrics.journaled();
    }

    private void send(Shard self, Transit transit, long atMillis) {
        self.context.forward(
                new Record<>(
                        Destination.partition(transit.to(), null),
                        TransitCodec.encode(transit),
                        atMillis,
                        new RecordHeaders()),
                LedgerTopology.TRANSIT);
    }

    /** Passes a command on to the shard that its content belongs to. */
    private void forward(Shard self, Record<byte[], byte[]> record, String cause, CommandRecord.Misrouted misrouted) {
        RecordHeaders headers = new RecordHeaders(record.headers());
        headers.add(Headers.FORWARDED_FROM, Headers.text(cause));
        Destination destination = Destination.partition(
                misrouted.home(), Headers.text(misrouted.command().routingKey()));
        self.context.forward(
                new Record<>(destination, record.value(), record.timestamp(), headers), LedgerTopology.FORWARDED);
        metrics.forwarded();
    }

    private void deadLetter(
            Shard self, Record<byte[], byte[]> record, RecordMetadata metadata, int index, MalformedException reason) {
        // The broker bounds what it stores, which is compressed: what does not fit as it is stays where it came from.
        boolean fits = CommandRecord.envelopeBytes(record.key(), record.headers()) + valueBytes(record)
                <= LedgerTopics.COMMAND_RECORD_BYTES_MAX;
        RecordHeaders headers = fits ? new RecordHeaders(record.headers()) : new RecordHeaders();
        if (index == Cause.NO_INDEX) {
            // One that its sender gave it would name a command of a batch that there is not.
            headers.remove(Headers.BATCH_INDEX);
        }
        headers.add(Headers.DEAD_LETTER_TOPIC, Headers.text(metadata.topic()));
        headers.add(Headers.DEAD_LETTER_PARTITION, Headers.integer(metadata.partition()));
        headers.add(Headers.DEAD_LETTER_OFFSET, Headers.whole(metadata.offset()));
        headers.add(Headers.DEAD_LETTER_REASON, Headers.text(String.valueOf(reason.getMessage())));
        self.context.forward(
                new Record<>(
                        Destination.key(fits ? record.key() : null),
                        fits ? record.value() : null,
                        record.timestamp(),
                        headers),
                LedgerTopology.DEAD_LETTERS);
        metrics.deadLettered();
        self.replies.send(record.headers(), record.timestamp(), () -> OutcomeCodec.encode(reason));
    }

    private static long valueBytes(Record<byte[], byte[]> record) {
        byte @Nullable [] value = record.value();
        return value == null ? 0 : value.length;
    }
}
