package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Channel;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Position;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Proves a ledger from its topics alone, and its projections from the ledger, while both go on.
 *
 * <p>It first asks where the partitions of the journal end, and then where those of its inputs do: all that the journal up to there has
 * used is then in them. Each shard is replayed up to there, by several threads; what one shard has sent and another received is compared as
 * it goes. Then the projections are compared at their own positions, for which the replays go on as far as they need to.
 *
 * <p>Reads only, joins no group and commits nothing. Memory is bounded by the accounts, by what the ledger itself remembers (commands,
 * receipts and holds within the time that it is configured to) and by what is under way between shards.
 */
public final class Audit {
    private static final Duration PROGRESS = Duration.ofMillis(200);

    /** What all partitions together may be ahead of the replays. */
    private static final long BUFFER_BYTES = 256L << 20;

    private static final long BUFFER_BYTES_A_PARTITION_MAX = 8L << 20;

    /** How old an entry may be before a checkpoint should cover it: a notary signs once a minute unless told otherwise. */
    private static final Duration UNSIGNED_MAX = Duration.ofMinutes(10);

    private final AuditSettings settings;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Patience patience;
    private final Findings findings = new Findings();

    Audit(AuditSettings settings, Supplier<Consumer<byte[], byte[]>> consumers) {
        this(settings, consumers, Patience.DEFAULT);
    }

    Audit(AuditSettings settings, Supplier<Consumer<byte[], byte[]>> consumers, Patience patience) {
        this.settings = settings;
        this.consumers = consumers;
        this.patience = patience;
    }

    /**
     * Audits.
     *
     * @param progress hears how far the journal has been read
     * @throws AuditException when topics or projections cannot be read, which says nothing about what is in them, or another audit goes on
     *     from the same state at the time
     */
    public static AuditReport run(AuditSettings settings, Progress progress) {
        Map<String, Object> properties = JournalFold.properties(settings.kafka());
        return new Audit(settings, () -> new KafkaConsumer<>(properties)).run(progress);
    }

    AuditReport run(Progress progress) {
        Path state = settings.stateDirectory();
        try {
            return state == null
                    ? audit(progress)
                    : StateLock.holding(state, settings.topics().journal(), () -> audit(progress));
        } catch (KafkaException e) {
            throw new AuditException("the topics cannot be read: " + e.getMessage(), e);
        }
    }

    private AuditReport audit(Progress progress) {
        long startedAtMillis = System.currentTimeMillis();
        long startNanos = System.nanoTime();
        Running running = open();
        try {
            running.replay(progress);
            running.catchUp();
            Books books = new Books(running.books());
            List<ShardFigures> shards =
                    running.replays().stream().map(ShardFigures::of).toList();
            SortedMap<String, AssetBooks> assets = books.assets();
            List<UnderWay> underWay = ClearingCheck.run(books, settings.topics().journal(), findings);
            long accounts = books.accounts();
            long entries = books.entries();
            long rejections = books.rejections();
            CheckpointFigures checkpoints = settings.keys().isEmpty() ? null : running.checkpoints(startedAtMillis);
            long postings =
                    running.books().stream().mapToLong(ShardBooks::postings).sum();
            if (running.state != null && running.state.isKept()) {
                running.state.remember(running.replays());
            }
            List<ProjectionFigures> projections = new ArrayList<>();
            for (BalanceSource source : settings.projections()) {
                projections.add(new Reconciliation(source, findings, running, patience).run());
            }
            running.workers.forEach(AuditWorker::finishCheckpoints);
            InputFigures inputs = settings.decides() ? running.finishInputs() : null;
            if (running.state != null && running.state.isKept() && findings.differences() == 0) {
                running.state.keep(running.comparedTo());
            }
            return new AuditReport(
                    settings.decides(),
                    startedAtMillis,
                    Duration.ofNanos(System.nanoTime() - startNanos),
                    settings.topics().journal(),
                    shards,
                    assets,
                    underWay,
                    accounts,
                    entries,
                    postings,
                    rejections,
                    inputs,
                    checkpoints,
                    projections,
                    findings.differences(),
                    findings.warnings(),
                    findings.first());
        } finally {
            running.close();
        }
    }

    /** Whether digests are taken: for a history that is compared now, or by an audit that goes on from the state of this one. */
    private boolean hasHistory() {
        return settings.stateDirectory() != null
                || settings.projections().stream().anyMatch(BalanceSource::hasHistory);
    }

    private Running open() {
        Topics topics = settings.topics();
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            // Whatever the checkpoints are about by then is in the journal by the time that it is asked.
            List<String> before = hasCheckpoints(consumer) ? List.of(topics.checkpoints()) : List.of();
            List<String> read = settings.decides()
                    ? List.of(topics.journal(), topics.commands(), topics.transit())
                    : List.of(topics.journal());
            return new Running(Cut.of(consumer, before, read));
        }
    }

    /** Whether there are checkpoints to verify. A ledger of an older release has no topic for them. */
    private boolean hasCheckpoints(Consumer<byte[], byte[]> consumer) {
        if (settings.keys().isEmpty()) {
            return false;
        }
        List<PartitionInfo> infos = consumer.partitionsFor(settings.topics().checkpoints(), JournalFold.STALL_MAX);
        return infos != null && !infos.isEmpty();
    }

    /** An audit under way. */
    private final class Running implements Reconciliation.Replays, AutoCloseable {
        private final AuditContext context;
        private final List<ShardReplay> replays = new ArrayList<>();
        private final List<AuditWorker> workers = new ArrayList<>();
        private final List<AuditWorker> workerOfShard = new ArrayList<>();
        private final @Nullable StateFile state;
        private final long[] compared;
        private final long start;
        private final long total;

        Running(Cut cut) {
            int shards = cut.shards();
            KafkaRouter router = new KafkaRouter(shards);
            state = settings.stateDirectory() == null
                    ? null
                    : StateFile.open(settings.stateDirectory(), settings.topics(), shards, settings.decides());
            KeyedHash hash = state == null ? new KeyedHash(new SecureRandom().nextLong()) : state.hash();
            context = new AuditContext(
                    settings.topics(),
                    router,
                    new Ledger(router),
                    hash,
                    findings,
                    new Channels(hash, findings, settings.topics().transit(), shards),
                    state == null ? new Forwards(hash) : state.forwards(),
                    new DeadLetters(),
                    new UsedIds());
            for (int shard = 0; shard < shards; shard++) {
                replays.add(replay(shard, cut));
            }
            compared = new long[shards];
            start = offsets(Inflow::usedTo);
            total = offsets(Inflow::end) - start;
            int threads = Math.min(settings.threads(), shards);
            long buffer =
                    Math.min(BUFFER_BYTES_A_PARTITION_MAX, BUFFER_BYTES / (shards * (settings.decides() ? 4L : 2L)));
            for (int thread = 0; thread < threads; thread++) {
                List<ShardReplay> own = new ArrayList<>();
                for (int shard = thread; shard < shards; shard += threads) {
                    own.add(replays.get(shard));
                }
                List<Inflow> inflows = own.stream()
                        .flatMap(replay -> replay.partitions().stream())
                        .toList();
                workers.add(new AuditWorker(new PartitionReader(consumers.get(), inflows, buffer), own, patience));
            }
            for (int shard = 0; shard < shards; shard++) {
                workerOfShard.add(workers.get(shard % threads));
            }
        }

        private ShardReplay replay(int shard, Cut cut) {
            ShardSnapshot snapshot = state == null ? null : state.snapshot(shard);
            ShardBooks books = snapshot == null
                    ? new ShardBooks(shard, context.router(), context.ledger(), context.hash(), hasHistory())
                    : new ShardBooks(context.router(), context.ledger(), snapshot);
            ShardOffsets from = snapshot == null ? ShardOffsets.NONE : snapshot.offsets();
            for (Channel channel : books.state().channels()) {
                context.channels().restoreSent(shard, channel.peer(), channel.sent());
                context.channels().restoreReceived(channel.peer(), shard, channel.received());
            }
            ShardFold fold = new ShardFold(books, context.topics().journal());
            Inflow journal = cut.inflow(context.topics().journal(), shard, from.journal());
            CheckpointTrail checkpoints = checkpoints(books, snapshot, cut);
            if (!settings.decides()) {
                return new FoldingReplay(fold, context, journal, checkpoints);
            }
            return new DecidingReplay(
                    fold,
                    context,
                    journal,
                    cut.inflow(context.topics().commands(), shard, from.commands()),
                    cut.inflow(context.topics().transit(), shard, from.transit()),
                    checkpoints,
                    snapshot == null ? ShardSnapshot.Standing.START : snapshot.inputs());
        }

        /** Checkpoints that are missing, at either end, are a finding and no reason to stop. */
        private CheckpointTrail checkpoints(ShardBooks books, @Nullable ShardSnapshot snapshot, Cut cut) {
            int shard = books.shard();
            CheckpointTrail.Standing from = snapshot == null ? CheckpointTrail.Standing.START : snapshot.checkpoints();
            TopicPartition partition = new TopicPartition(context.topics().checkpoints(), shard);
            long end = cut.ends().getOrDefault(partition, 0L);
            Inflow inflow = null;
            if (!settings.keys().isEmpty() && end < from.offset()) {
                findings.add(new Finding(
                        Finding.Kind.CHECKPOINT,
                        partition.topic(),
                        shard,
                        from.sequence(),
                        from.offset() - 1,
                        books.atMillis(),
                        null,
                        "checkpoints that an earlier audit has verified must be there",
                        "number " + from.number(),
                        ""));
            } else if (cut.ends().containsKey(partition)) {
                inflow = new Inflow(
                        partition, Math.max(from.offset(), cut.beginnings().getOrDefault(partition, 0L)));
                inflow.end(end);
            }
            return new CheckpointTrail(
                    shard, context.topics(), settings.keys(), findings, inflow, from, books.sequence());
        }

        /** What is signed at the cut, and a warning for each shard whose newest checkpoint is too old. */
        CheckpointFigures checkpoints(long nowMillis) {
            long verified = 0;
            List<Position> positions = new ArrayList<>();
            long uncovered = 0;
            long uncoveredSinceMillis = Long.MAX_VALUE;
            for (ShardReplay replay : replays) {
                CheckpointTrail.Standing standing = replay.checkpoints().standing();
                ShardBooks books = replay.books();
                verified += replay.checkpoints().verified();
                if (standing.sequence() > 0) {
                    positions.add(new Position(books.shard(), standing.sequence()));
                }
                uncovered += books.sequence() - standing.sequence();
                if (standing.uncoveredSinceMillis() > 0) {
                    uncoveredSinceMillis = Math.min(uncoveredSinceMillis, standing.uncoveredSinceMillis());
                    boolean isOld = nowMillis - standing.uncoveredSinceMillis() > UNSIGNED_MAX.toMillis();
                    if (isOld && !replay.checkpoints().isContradicted()) {
                        unsigned(books, standing);
                    }
                }
            }
            return new CheckpointFigures(
                    verified, positions, uncovered, uncoveredSinceMillis == Long.MAX_VALUE ? 0 : uncoveredSinceMillis);
        }

        private void unsigned(ShardBooks books, CheckpointTrail.Standing standing) {
            findings.add(new Finding(
                    Finding.Kind.UNSIGNED,
                    context.topics().checkpoints(),
                    books.shard(),
                    standing.sequence() + 1,
                    Finding.NO_OFFSET,
                    standing.uncoveredSinceMillis(),
                    null,
                    "entries must be covered by a checkpoint within " + UNSIGNED_MAX.toMinutes()
                            + " minutes: the notary is away, or the newest checkpoints were removed",
                    "",
                    (books.sequence() - standing.sequence()) + " entries"));
        }

        private long offsets(ToLongFunction<Inflow> offset) {
            return replays.stream()
                    .mapToLong(replay -> offset.applyAsLong(replay.journal()))
                    .sum();
        }

        List<ShardReplay> replays() {
            return replays;
        }

        @Override
        public List<ShardBooks> books() {
            return replays.stream().map(ShardReplay::books).toList();
        }

        /** Replays all shards to the ends that were asked for at the start. */
        void replay(Progress progress) {
            AtomicBoolean cancelled = new AtomicBoolean();
            Pace pace = new Pace(context.channels(), replays.size());
            ExecutorService executor = Executors.newFixedThreadPool(
                    workers.size(),
                    Thread.ofPlatform().name("audit-", 0).daemon().factory());
            try {
                List<Future<?>> running = new ArrayList<>();
                for (AuditWorker worker : workers) {
                    running.add(executor.submit(() -> worker.run(pace, cancelled)));
                }
                progress.advanced(0, total);
                for (Future<?> one : running) {
                    await(one, progress);
                }
                progress.advanced(total, total);
            } finally {
                cancelled.set(true);
                executor.shutdown();
                awaitEnd(executor);
            }
        }

        private void await(Future<?> worker, Progress progress) {
            while (true) {
                try {
                    worker.get(PROGRESS.toMillis(), TimeUnit.MILLISECONDS);
                    return;
                } catch (TimeoutException e) {
                    progress.advanced(Math.min(offsets(Inflow::usedTo) - start, total), total);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AuditException("interrupted", e);
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException cause) {
                        throw cause;
                    }
                    throw new AuditException("the audit failed: " + e.getCause(), e);
                }
            }
        }

        private static void awaitEnd(ExecutorService executor) {
            try {
                executor.awaitTermination(JournalFold.STALL_MAX.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /**
         * The partitions end where they did at slightly different times. Whatever a shard has received another must have sent: the
         * senders are replayed on until they have, so that the books of all shards are of one moment.
         */
        void catchUp() {
            boolean isConsistent = false;
            while (!isConsistent) {
                isConsistent = true;
                for (ShardReplay replay : replays) {
                    if (!replay.isStopped() && !hasSent(replay)) {
                        isConsistent = false;
                        if (!worker(replay).advance(replay, Long.MAX_VALUE, 1, () -> hasSent(replay))
                                && !replay.isStopped()) {
                            unsent(replay);
                            return;
                        }
                    }
                }
            }
            for (ShardReplay replay : replays) {
                worker(replay).advance(replay, Long.MAX_VALUE, 1, replay::isBetweenInputs);
            }
        }

        private boolean hasSent(ShardReplay sender) {
            return missing(sender) == null;
        }

        private @Nullable ShardBooks missing(ShardReplay sender) {
            for (ShardReplay receiver : replays) {
                long received =
                        receiver.books().state().channel(sender.books().shard()).received();
                if (sender.books().state().channel(receiver.books().shard()).sent() < received) {
                    return receiver.books();
                }
            }
            return null;
        }

        private void unsent(ShardReplay sender) {
            ShardBooks receiver = missing(sender);
            if (receiver == null) {
                return;
            }
            int shard = sender.books().shard();
            long sent = sender.books().state().channel(receiver.shard()).sent();
            findings.add(new Finding(
                    Finding.Kind.MESSAGE,
                    context.topics().journal(),
                    receiver.shard(),
                    receiver.sequence(),
                    Finding.NO_OFFSET,
                    receiver.atMillis(),
                    null,
                    "all messages from shard " + shard + " must have been sent by its journal",
                    "at most " + sent + " received",
                    receiver.state().channel(shard).received() + " received"));
        }

        @Override
        public boolean advance(int shard, long sequence) {
            ShardReplay replay = replays.get(shard);
            return worker(replay)
                    .advance(
                            replay,
                            sequence,
                            Integer.MAX_VALUE,
                            () -> replay.books().sequence() >= sequence);
        }

        @Override
        public List<ShardBooks> foldTo(List<Position> positions) {
            Until until = Until.Sequences.of(positions);
            try (JournalFold fold =
                    new JournalFold(consumers.get(), context.topics().journal(), replays.size(), until, hasHistory())) {
                List<ShardBooks> there = fold.readToEnd(Progress.NONE).shards();
                there.forEach(this::requireReadable);
                return there;
            }
        }

        /** What this audit has read without a fault can be at fault from its beginning on only where that was purged. */
        private void requireReadable(ShardBooks there) {
            if (there.fault() != null && replays.get(there.shard()).books().fault() == null) {
                throw new AuditException(
                        "a projection stands still behind the journal and cannot be compared there, for"
                                + " the journal cannot be read from its beginning: " + there.fault());
            }
        }

        @Override
        public long comparedTo(int shard) {
            return state == null ? 0 : state.comparedTo(shard);
        }

        @Override
        public void compared(int shard, long sequence) {
            compared[shard] = sequence;
        }

        /** How far the history of each shard was compared, by this audit or by an earlier one. */
        long[] comparedTo() {
            long[] comparedTo = new long[compared.length];
            for (int shard = 0; shard < compared.length; shard++) {
                comparedTo[shard] = Math.max(comparedTo(shard), compared[shard]);
            }
            return comparedTo;
        }

        @Override
        public void reread(
                int shard, long offset, long fromSequence, long toSequence, HistoryComparison.RecordVisitor visitor) {
            TopicPartition partition = new TopicPartition(context.topics().journal(), shard);
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                consumer.assign(List.of(partition));
                long beginning = consumer.beginningOffsets(List.of(partition), JournalFold.STALL_MAX)
                        .getOrDefault(partition, 0L);
                if (beginning > offset) {
                    return;
                }
                consumer.seek(partition, offset);
                long lastNanos = System.nanoTime();
                long next = fromSequence;
                while (next <= toSequence) {
                    if (System.nanoTime() - lastNanos > patience.stalled().toNanos()) {
                        throw new AuditException("the journal stalled: entries " + shard + ":" + next + " to " + shard
                                + ":" + toSequence + " could not be read again");
                    }
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PROGRESS)) {
                        lastNanos = System.nanoTime();
                        if (next <= toSequence && record.value() != null) {
                            JournalRecord journal = JournalCodec.decode(record.value());
                            visitor.record(journal, record.value());
                            next = journal.entry().sequence() + 1;
                        }
                    }
                }
                if (next <= toSequence) {
                    throw new AuditException("the journal stalled before " + shard + ":" + toSequence);
                }
            }
        }

        /** Looks at the inputs that no entry has used, and holds the transit topic and the decisions against each other to the end. */
        InputFigures finishInputs() {
            Channels channels = context.channels();
            workers.forEach(AuditWorker::scanMessages);
            channels.requireSent();
            for (ShardReplay replay : replays) {
                int shard = replay.books().shard();
                if (!replay.isStopped() && channels.isBehind(shard)) {
                    worker(replay).reader().readOn(replay.inflows());
                    worker(replay).advance(replay, Long.MAX_VALUE, 1, () -> !channels.isBehind(shard));
                }
            }
            channels.finishSent();
            channels.requireSeen();
            readOn(AuditWorker::scanMessages, channels::isAllSeen);
            channels.finishSeen();
            workers.forEach(AuditWorker::drain);
            if (!context.forwards().isAllMet()) {
                readOn(AuditWorker::meetForwarded, context.forwards()::isAllMet);
            }
            context.forwards().finish(findings);
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                String letters = context.topics().deadLetters();
                return figures(context.deadLetters().finish(consumer, letters, findings, patience.late()));
            }
        }

        /** What is not there yet may only be late: once more after a while. */
        private void readOn(java.util.function.Consumer<AuditWorker> reading, BooleanSupplier isThere) {
            workers.forEach(reading);
            if (!isThere.getAsBoolean()) {
                Patience.pause(patience.late());
                workers.forEach(reading);
            }
        }

        private InputFigures figures(long deadLetters) {
            InputCounts sum = new InputCounts();
            long pending = 0;
            for (ShardReplay replay : replays) {
                if (replay instanceof DecidingReplay deciding) {
                    sum.add(deciding.counts());
                }
                pending += replay.books().state().pendingCommands().size();
            }
            return new InputFigures(
                    sum.decided,
                    sum.repeated,
                    sum.malformed,
                    deadLetters,
                    sum.misrouted,
                    sum.ticks,
                    sum.due,
                    sum.messages,
                    sum.ahead,
                    sum.ahead == 0 ? 0 : sum.aheadSinceMillis,
                    pending);
        }

        private AuditWorker worker(ShardReplay replay) {
            return workerOfShard.get(replay.books().shard());
        }

        @Override
        public void close() {
            workers.forEach(AuditWorker::close);
            if (state != null) {
                state.discard();
            }
        }
    }
}
