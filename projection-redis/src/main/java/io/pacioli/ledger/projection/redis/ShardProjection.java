package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard that this process projects: folds its records into batches, sends them, and takes the answers. Not thread safe.
 *
 * <p>Batches of a shard are sent without waiting for each other's answers. Each names the position that it continues from, so when
 * one is refused all behind it are refused too, and nothing has to be taken back.
 */
final class ShardProjection {
    private static final Logger LOG = LoggerFactory.getLogger(ShardProjection.class);

    private final int shard;
    private final ProjectionStore store;
    private final ProjectionMetrics metrics;
    private final boolean notifying;
    private final List<ShardBatch> folded = new ArrayList<>();
    private final Deque<Sent> sent = new ArrayDeque<>();
    private State state = State.LOST;
    private StorePosition tip = StorePosition.beginning(0, 0);
    private String expected = "";
    private String reason = "Redis is being asked for its position";

    /** Whether the shard is being projected. */
    enum State {
        /** Nobody here knows what the store has: ask it, then go on from there. */
        LOST,
        /** The store has everything up to a known position, and goes on from there. */
        RUNNING,
        /** The journal does not continue what the store has: a person must look. */
        STOPPED
    }

    private record Sent(ShardBatch batch, long sentAtNanos, CompletableFuture<String> answer) {}

    /** @param notifying whether what happens is published, unless the store is being rebuilt */
    ShardProjection(int shard, ProjectionStore store, ProjectionMetrics metrics, boolean notifying) {
        this.shard = shard;
        this.store = store;
        this.metrics = metrics;
        this.notifying = notifying;
    }

    int shard() {
        return shard;
    }

    State state() {
        return state;
    }

    /** Why the shard is not running. */
    String reason() {
        return reason;
    }

    /** The position behind all that has been folded so far. */
    StorePosition tip() {
        return tip;
    }

    /** What the store must hold as position once it has answered all that was sent. */
    String expected() {
        return expected;
    }

    boolean isSettled() {
        return sent.isEmpty();
    }

    /** Entries that are on their way to the store. */
    long unsettledEntries() {
        return sent.stream().mapToLong(s -> s.batch().entries()).sum();
    }

    /** Goes on from what the store has. */
    void resume(StorePosition position) {
        tip = position;
        expected = position.text();
        state = State.RUNNING;
        reason = "";
        metrics.resumed();
    }

    /** Forgets everything but that the store must be asked. */
    void lose(String why) {
        if (state == State.RUNNING) {
            LOG.warn("Shard {}: {}; going on from what Redis has", shard, why);
        }
        folded.clear();
        sent.clear();
        state = State.LOST;
        reason = why;
    }

    /** Stops the shard until the store holds another position than this. */
    void stop(String why, String storedPosition) {
        LOG.error("Shard {} is not projected any more: {}", shard, why);
        state = State.STOPPED;
        reason = why;
        expected = storedPosition;
    }

    /** Folds records into batches; stops the shard at the first one that cannot follow. */
    void fold(List<ConsumerRecord<byte[], byte[]>> records) {
        if (state != State.RUNNING) {
            return;
        }
        ShardBatch batch = new ShardBatch(shard, tip, notifying);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            try {
                byte[] value = record.value();
                batch.add(JournalCodec.decode(value), record.offset(), value.length);
            } catch (MalformedException | InvariantViolation e) {
                fold(batch);
                stop(
                        record.topic() + "-" + record.partition() + "@" + record.offset() + ": " + e.getMessage(),
                        tip.text());
                return;
            }
            if (batch.isFull()) {
                fold(batch);
                batch = new ShardBatch(shard, tip, notifying);
            }
        }
        fold(batch);
    }

    private void fold(ShardBatch batch) {
        if (!batch.isEmpty()) {
            folded.add(batch);
            tip = batch.to();
        }
    }

    /** All that was in the journal when the store was found empty has been folded: the last batch says so. */
    void completeRebuild() {
        if (folded.isEmpty()) {
            folded.add(new ShardBatch(shard, tip, notifying));
        }
        folded.getLast().completeRebuild();
        tip = folded.getLast().to();
        LOG.info("Shard {}: Redis is rebuilt up to sequence {}", shard, tip.sequence());
    }

    /** Sends what has been folded. */
    void send() {
        for (ShardBatch batch : folded) {
            sent.add(new Sent(batch, System.nanoTime(), store.apply(batch)));
            expected = batch.to().text();
        }
        folded.clear();
    }

    /**
     * Takes the answers to all that was sent.
     *
     * @throws io.lettuce.core.RedisException when one is a failure or does not come in time
     */
    void settle() {
        while (!sent.isEmpty()) {
            Sent first = sent.getFirst();
            String stored = store.await(first.answer());
            if (!stored.equals(first.batch().to().text())) {
                lose("Redis was at another position than the batch continues from: position='" + stored + "'");
                return;
            }
            metrics.applied(first.batch(), Duration.ofNanos(System.nanoTime() - first.sentAtNanos()));
            sent.removeFirst();
        }
    }
}
