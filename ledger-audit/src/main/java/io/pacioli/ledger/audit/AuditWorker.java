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

    /** How long to wait for records that must be there already. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration AT_ONCE = Duration.ZERO;
    private static final Duration POLL = Duration.ofMillis(100);

    private final PartitionReader reader;
    private final List<ShardReplay> replays;

    AuditWorker(PartitionReader reader, List<ShardReplay> replays) {
        this.reader = reader;
        this.replays = replays;
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
            } else if (System.nanoTime() - lastNanos > JournalFold.STALL_MAX.toNanos()) {
                throw new AuditException(
                        "the topics stalled: nothing more came within " + JournalFold.STALL_MAX.toSeconds() + " s");
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
     * @param lastSequence where to stop at the latest
     * @param entriesMax how many entries to apply between two looks whether it holds
     * @return whether it holds
     */
    boolean advance(ShardReplay replay, long lastSequence, int entriesMax, BooleanSupplier holds) {
        long lastNanos = System.nanoTime();
        while (!holds.getAsBoolean()) {
            if (replay.advance(entriesMax, lastSequence)) {
                lastNanos = System.nanoTime();
            } else if (replay.isStopped() || System.nanoTime() - lastNanos > PATIENCE.toNanos()) {
                return false;
            } else {
                if (replay.journal().isExhausted()) {
                    reader.readOn(replay.inflows());
                }
                reader.poll(POLL);
            }
        }
        return true;
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

    private void readAll(Inflow inflow, Consumer<ConsumerRecord<byte[], byte[]>> reading) {
        long lastNanos = System.nanoTime();
        while (!inflow.isExhausted()) {
            ConsumerRecord<byte[], byte[]> record = inflow.peek();
            if (record != null) {
                reading.accept(inflow.take());
                lastNanos = System.nanoTime();
            } else if (System.nanoTime() - lastNanos > JournalFold.STALL_MAX.toNanos()) {
                throw new AuditException("the topic " + inflow.partition().topic() + " stalled");
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
