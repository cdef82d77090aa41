package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Transit;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All that the shards of a ledger have read, in one order: each shard's own, no message before what has sent it, and else by time. The
 * journals end at slightly different moments; those of senders are read on until all that others have received was sent.
 *
 * <p>Every input is decided again on its way and must be what the journal says. Reads only; not thread safe.
 */
final class RecordedOrder implements AutoCloseable {
    private static final long BUFFER_BYTES = 128L << 20;
    private static final Duration POLL = Duration.ofMillis(100);

    private final List<Shard> shards = new ArrayList<>();
    private final RecordSource reader;
    private final Findings findings = new Findings();
    private final KafkaRouter router;
    private final long total;

    private RecordedOrder(Topics topics, Cut cut, Function<List<Inflow>, RecordSource> sources) {
        router = new KafkaRouter(cut.shards());
        KeyedHash hash = new KeyedHash(new SecureRandom().nextLong());
        AuditContext context = new AuditContext(
                topics,
                router,
                new Ledger(router),
                hash,
                findings,
                new Channels(hash, findings, topics.transit(), cut.shards()),
                new Forwards(hash),
                new DeadLetters(),
                new UsedIds());
        List<Inflow> inflows = new ArrayList<>();
        for (int number = 0; number < cut.shards(); number++) {
            DecidingReplay replay = new DecidingReplay(
                    new ShardFold(new ShardBooks(number, router, context.ledger(), hash), topics.journal()),
                    context,
                    cut.inflow(topics.journal(), number, 0),
                    cut.inflow(topics.commands(), number, 0),
                    cut.inflow(topics.transit(), number, 0),
                    CheckpointTrail.none(number, topics, findings),
                    ShardSnapshot.Standing.START);
            shards.add(new Shard(replay, cut.shards()));
            inflows.addAll(replay.inflows());
        }
        reader = sources.apply(inflows);
        total = offsets();
    }

    /** That of a ledger as far as it has got by now; the consumer reads what is committed and is closed in the end. */
    static RecordedOrder of(Consumer<byte[], byte[]> consumer, Topics topics) {
        try {
            Cut cut = Cut.of(consumer, List.of(), List.of(topics.journal(), topics.commands(), topics.transit()));
            return new RecordedOrder(
                    topics, cut, inflows -> new PartitionReader(consumer, inflows, BUFFER_BYTES / inflows.size()));
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** That of an export. */
    static RecordedOrder of(ExportDirectory export) {
        return new RecordedOrder(
                export.manifest().topics(), Cut.of(export.manifest()), inflows -> new ExportedRecords(export, inflows));
    }

    /** What one shard has read and nobody has taken yet, a decision at most. */
    private static final class Shard implements InputListener {
        private final DecidingReplay replay;
        private final ArrayDeque<RecordedInput> ahead = new ArrayDeque<>();
        private final long[] sent;
        private final long cutAt;
        private boolean isNeeded;

        Shard(DecidingReplay replay, int shards) {
            this.replay = replay;
            sent = new long[shards];
            cutAt = replay.journal().end();
            replay.listen(this);
        }

        int number() {
            return replay.books().shard();
        }

        @Override
        public void decided(Input input, Decision.Journaled decision) {
            ahead.add(new RecordedInput.Decided(number(), input, decision));
        }

        @Override
        public void passed(long atMillis, CommandRecord command) {
            if (command instanceof CommandRecord.Own own) {
                ahead.add(new RecordedInput.Repeated(own.input(), number()));
            }
        }

        /** Whether it is to read on: up to where the journal ended at first, behind that one decision at a time, and whole ones. */
        boolean wants() {
            boolean isOpen = isNeeded || replay.journal().usedTo() < cutAt || !replay.isBetweenInputs();
            return ahead.isEmpty() && isOpen && !replay.isStopped();
        }

        boolean isExhausted() {
            return replay.isFinished() && replay.isBetweenInputs();
        }
    }

    KafkaRouter router() {
        return router;
    }

    /** The books as the journal says, as far as it was read: a little ahead of what was taken until all was. */
    List<ShardBooks> books() {
        return shards.stream().map(shard -> shard.replay.books()).toList();
    }

    /** How many offsets of the journal there are to read. */
    long total() {
        return total;
    }

    /** How many of them are left. */
    private long offsets() {
        return shards.stream()
                .mapToLong(shard ->
                        shard.replay.journal().end() - shard.replay.journal().usedTo())
                .sum();
    }

    long done() {
        return total - Math.max(0, offsets());
    }

    /**
     * The next one; null when there is no more.
     *
     * @throws AuditException when the journal is not what the ledger decides, or the topics cannot be read
     */
    @Nullable
    RecordedInput next() {
        shards.forEach(this::fill);
        if (findings.differences() > 0) {
            throw new AuditException("the journal is not what the ledger has decided, see ledger audit: "
                    + findings.first().getFirst());
        }
        Shard first = first();
        while (first == null && isAnyAhead()) {
            readOnForTheBlocked();
            first = first();
        }
        return first == null ? null : take(first);
    }

    private @Nullable Shard first() {
        Shard first = null;
        for (Shard shard : shards) {
            RecordedInput head = shard.ahead.peek();
            if (head != null
                    && isSent(head)
                    && (first == null || head.atMillis() < first.ahead.element().atMillis())) {
                first = shard;
            }
        }
        return first;
    }

    private boolean isAnyAhead() {
        return shards.stream().anyMatch(shard -> !shard.ahead.isEmpty());
    }

    /** All that is here waits for messages that have not been sent yet: their senders are read on by a decision. */
    private void readOnForTheBlocked() {
        boolean anyRead = false;
        for (Shard shard : shards) {
            if (shard.ahead.peek() instanceof RecordedInput.Decided decided
                    && decided.input() instanceof Input.TransitInput message) {
                Shard sender = shards.get(message.transit().from());
                if (sender.ahead.isEmpty()) {
                    sender.isNeeded = true;
                    reader.readOn(sender.replay.inflows());
                    fill(sender);
                    sender.isNeeded = false;
                    anyRead |= !sender.ahead.isEmpty();
                }
            }
        }
        if (!anyRead) {
            throw new AuditException("a shard has received what no journal has sent, see ledger audit");
        }
    }

    private static RecordedInput take(Shard shard) {
        RecordedInput taken = shard.ahead.remove();
        if (taken instanceof RecordedInput.Decided decided) {
            for (Transit message : decided.decision().transit()) {
                shard.sent[message.to()] = message.number();
            }
        }
        return taken;
    }

    private boolean isSent(RecordedInput input) {
        return !(input instanceof RecordedInput.Decided decided
                        && decided.input() instanceof Input.TransitInput message)
                || shards.get(message.transit().from()).sent[message.transit().to()]
                        >= message.transit().number();
    }

    private void fill(Shard shard) {
        long lastNanos = System.nanoTime();
        while (shard.wants() && !shard.isExhausted()) {
            if (shard.replay.step()) {
                lastNanos = System.nanoTime();
            } else if (System.nanoTime() - lastNanos > JournalFold.STALL_MAX.toNanos()) {
                throw new AuditException(
                        "the topics stalled: nothing more came within " + JournalFold.STALL_MAX.toSeconds() + " s");
            } else {
                reader.poll(POLL);
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
