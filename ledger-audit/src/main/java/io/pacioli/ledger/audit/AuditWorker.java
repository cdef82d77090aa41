package io.pacioli.ledger.audit;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Some of the shards, with the consumer that reads for them. Used by one thread at a time. */
final class AuditWorker implements AutoCloseable {
    /** Entries of one shard before the next one's turn. */
    private static final int BATCH = 1_024;

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration POLL = Duration.ofMillis(100);

    /** Between two looks whether a partition that was read to its end has grown. */
    private static final Duration RETRY = Duration.ofMillis(20);

    private final PartitionReader reader;
    private final List<ShardReplay> replays;
    private final Patience patience;

    AuditWorker(PartitionReader reader, List<ShardReplay> replays, Patience patience) {
        this.reader = reader;
        this.replays = replays;
        this.patience = patience;
    }

    List<ShardReplay> replays() {
        return replays;
    }

    PartitionReader reader() {
        return reader;
    }

    /** Replays all its shards to the ends of their partitions, the one that is farthest behind first. */
    void run(Pace pace, AtomicBoolean cancelled) {
        long lastNanos = System.nanoTime();
        while (!cancelled.get()) {
            boolean moved = advanceOne(pace);
            replays.forEach(pace::at);
            if (replays.stream().allMatch(ShardReplay::isFinished)) {
                return;
            }
            reader.poll(moved ? AT_ONCE : POLL);
            if (moved || pace.holds(replays)) {
                lastNanos = System.nanoTime();
            } else if (System.nanoTime() - lastNanos > patience.stalled().toNanos()) {
                throw new AuditException("the topics stalled: nothing more came within "
                        + patience.stalled().toSeconds() + " s");
            }
        }
    }

    private boolean advanceOne(Pace pace) {
        return replays.stream()
                .filter(replay -> !replay.isFinished() && replay.journal().peek() != null && pace.allows(replay))
                .sorted(Comparator.comparingLong(replay -> replay.books().atMillis()))
                .anyMatch(replay -> replay.advance(BATCH, Long.MAX_VALUE));
    }

    /**
     * Replays one shard on, also behind the ends that were known, until something holds or nothing more comes.
     *
     * <p>That the journal has ended is believed only when its end was asked for once more after a while, and all up to there was read.
     *
     * @param lastSequence where to stop at the latest
     * @param entriesMax how many entries to apply between two looks whether it holds
     * @return whether it holds
     * @throws AuditException when what the cluster says is there does not come
     */
    boolean advance(ShardReplay replay, long lastSequence, int entriesMax, BooleanSupplier holds) {
        Inflow journal = replay.journal();
        long lastNanos = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (replay.advance(entriesMax, lastSequence)) {
                lastNanos = System.nanoTime();
            } else if (replay.isStopped()) {
                return false;
            } else {
                long waitedNanos = System.nanoTime() - lastNanos;
                boolean isAtEnd = journal.isExhausted();
                if (isAtEnd) {
                    reader.readOn(replay.inflows());
                }
                reader.poll(POLL);
                if (!journal.isExhausted()) {
                    requireMoving(journal, waitedNanos);
                } else if (isAtEnd && waitedNanos > patience.late().toNanos()) {
                    return false;
                } else {
                    Patience.pause(RETRY);
                }
            }
        }
        return true;
    }

    private void requireMoving(Inflow inflow, long waitedNanos) {
        if (waitedNanos > patience.stalled().toNanos()) {
            throw new AuditException("the topic " + inflow.partition().topic() + " stalled");
        }
    }

    /** Compares all messages to its shards with what was sent, those too that no entry has used yet, up to where they end now. */
    void scanMessages() {
        for (ShardReplay replay : replays) {
            if (replay instanceof DecidingReplay deciding) {
                Inflow transit = deciding.transit();
                reader.end(List.of(transit));
                long from = transit.usedTo();
                readAll(transit, deciding::scan);
                transit.rewind(from);
                reader.consumer().seek(transit.partition(), from);
            }
        }
    }

    /** Takes what is left of the commands of all its shards. */
    void drain() {
        for (ShardReplay replay : replays) {
            if (replay instanceof DecidingReplay deciding) {
                readAll(deciding.commands(), deciding::ahead);
                deciding.finish();
            }
        }
    }

    /**
     * Looks for commands that were passed on behind what is known of the commands of all its shards: to one shard's journal that was
     * replayed on belong commands that came to another one later. What else is there is none of this audit's.
     */
    void meetForwarded() {
        for (ShardReplay replay : replays) {
            if (replay instanceof DecidingReplay deciding) {
                reader.end(List.of(deciding.commands()));
                readAll(deciding.commands(), deciding::meet);
            }
        }
    }

    /** Takes what is left of the signed checkpoints of all its shards. */
    void finishCheckpoints() {
        for (ShardReplay replay : replays) {
            Inflow inflow = replay.checkpoints().inflow();
            long lastNanos = System.nanoTime();
            replay.checkpoints().finish(replay.books());
            while (inflow != null && !inflow.isExhausted()) {
                long before = inflow.readTo();
                reader.poll(POLL);
                if (inflow.readTo() > before) {
                    lastNanos = System.nanoTime();
                } else {
                    requireMoving(inflow, System.nanoTime() - lastNanos);
                }
                replay.checkpoints().finish(replay.books());
            }
        }
    }

    private void readAll(Inflow inflow, Consumer<ConsumerRecord<byte[], byte[]>> reading) {
        long lastNanos = System.nanoTime();
        while (!inflow.isExhausted()) {
            ConsumerRecord<byte[], byte[]> record = inflow.peek();
            if (record != null) {
                reading.accept(inflow.take());
                lastNanos = System.nanoTime();
            } else {
                requireMoving(inflow, System.nanoTime() - lastNanos);
                reader.poll(POLL);
            }
        }
    }

    @Override
    public void close() {
        reader.close();
    }
}
