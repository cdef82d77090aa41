package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
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
    private static final long RETRY_MILLIS_MIN = 100;
    private static final long RETRY_MILLIS_MAX = 2_000;

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
    private @Nullable Question question;
    private long askAtNanos = System.nanoTime();
    private long retryMillis = RETRY_MILLIS_MIN;
    private boolean continued;
    private boolean refused;

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

    /** @param expected what the answer should be, once the shard runs */
    private record Question(String expected, CompletableFuture<String> answer) {}

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

    /** Whether the store has answered all that was sent. */
    boolean isSettled() {
        return sent.isEmpty();
    }

    /** Whether more records can be taken now: only those of one turn wait behind what the store has not answered yet. */
    boolean isReceptive() {
        return state == State.RUNNING && folded.isEmpty();
    }

    /** The answers to what was sent; they come in order. */
    Stream<CompletableFuture<String>> answers() {
        return sent.stream().map(Sent::answer);
    }

    /** Entries that are on their way to the store. */
    long unsettledEntries() {
        return Stream.concat(sent.stream().map(Sent::batch), folded.stream())
                .mapToLong(ShardBatch::entries)
                .sum();
    }

    /** Goes on from what the store has. */
    void resume(StorePosition position) {
        tip = position;
        expected = position.text();
        state = State.RUNNING;
        continued = false;
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
        question = null;
        state = State.LOST;
        reason = why;
    }

    /** Forgets everything because the store failed; it is asked again after a while, which grows with each failure. */
    void lose(RedisException failed) {
        refused = false;
        loseForAWhile("Redis cannot be reached or refuses: " + RedisLink.reason(failed));
    }

    /** Forgets everything; the store is asked after a while, which grows each time. */
    void loseForAWhile(String why) {
        lose(why);
        askAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retryMillis);
        retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX);
    }

    /**
     * Asks the store for the position of a shard that is lost, if it is time for it and the answer to the last question is in.
     *
     * @return the answer that is awaited; none when there is nothing to ask
     */
    Optional<CompletableFuture<String>> ask() {
        if (question == null && System.nanoTime() - askAtNanos >= 0) {
            question = new Question("", store.locate(shard));
        }
        return Optional.ofNullable(question).map(Question::answer);
    }

    /**
     * Takes the answer to {@link #ask}.
     *
     * @return the position that the store has, empty text for none; nothing when there is no answer yet, or a failure
     */
    Optional<String> answer() {
        Question asked = question;
        if (asked == null || !asked.answer().isDone()) {
            return Optional.empty();
        }
        question = null;
        try {
            return Optional.of(store.await(asked.answer()));
        } catch (RedisException e) {
            lose(e);
            return Optional.empty();
        }
    }

    /** Asks the store whether it still has the position that it should have. */
    void check() {
        if (question == null) {
            question = new Question(expected, store.position(shard));
        }
    }

    /** Takes the answer to {@link #check} when it is there, and loses the shard when it is another. */
    void compare() {
        Question asked = question;
        answer().ifPresent(stored -> {
            if (asked != null && !stored.equals(asked.expected())) {
                lose("the position in Redis has changed: position='" + stored + "'");
            }
        });
    }

    /** Stops the shard until the store holds another position than this. */
    void stop(String why, String storedPosition) {
        LOG.error("Shard {} is not projected any more: {}", shard, why);
        state = State.STOPPED;
        reason = why;
        expected = storedPosition;
    }

    /**
     * Stops the shard because what the store has does not belong to this journal. The store is told once, so that no instance
     * answers from it: whoever moves its position on after that knows better, and is not disturbed again.
     */
    void refuse(String why, StorePosition stored) {
        StorePosition marked = refused ? stored : stored.refuse();
        stop(why, marked.text());
        if (!marked.equals(stored)) {
            refused = true;
            question = new Question(marked.text(), store.replace(shard, stored, marked));
        }
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
            } catch (MalformedException e) {
                fold(batch);
                stop(why(record, e), tip.text());
                return;
            } catch (InvariantViolation e) {
                fold(batch);
                if (continued) {
                    stop(why(record, e), tip.text());
                } else {
                    refuse(why(record, e), tip);
                }
                return;
            }
            if (batch.isFull()) {
                fold(batch);
                batch = new ShardBatch(shard, tip, notifying);
            }
        }
        fold(batch);
    }

    private static String why(ConsumerRecord<byte[], byte[]> record, RuntimeException e) {
        return record.topic() + "-" + record.partition() + "@" + record.offset() + ": " + e.getMessage();
    }

    private void fold(ShardBatch batch) {
        if (!batch.isEmpty()) {
            folded.add(batch);
            tip = batch.to();
            continued = true;
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

    /** Sends what has been folded, once what was sent before has been answered. */
    void send() {
        if (!sent.isEmpty()) {
            return;
        }
        for (ShardBatch batch : folded) {
            sent.add(new Sent(batch, System.nanoTime(), store.apply(batch)));
            expected = batch.to().text();
        }
        folded.clear();
    }

    /** Takes the answers that are there; a failure, or another answer than it should be, loses the shard. */
    void settle() {
        while (!sent.isEmpty() && sent.getFirst().answer().isDone()) {
            Sent first = sent.removeFirst();
            try {
                String stored = store.await(first.answer());
                if (stored.equals(first.batch().to().text())) {
                    retryMillis = RETRY_MILLIS_MIN;
                    metrics.applied(first.batch(), Duration.ofNanos(System.nanoTime() - first.sentAtNanos()));
                } else {
                    lose("Redis was at another position than the batch continues from: position='" + stored + "'");
                }
            } catch (RedisException e) {
                lose(e);
            }
        }
    }
}
