package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves streams that the recent entries do not reach back to, from the journal itself, a few at a time. Thread safe.
 *
 * <p>Whoever is behind asks for the next part and has it read into bounded memory; then the reader goes on to others, while the part is
 * written at the client's pace. So a slow client holds a part and nobody up, unless all parts are held: then the stream that has held
 * its own for longest, and for long, is ended for each that waits, and its client goes on from there. One pass over a shard serves all
 * who wait behind its start, as after a restart many come back at about the same place.
 */
final class CatchUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);

    /** Threads that read, each with a consumer. */
    private static final int READERS = 2;

    /** Records that one pass reads at most, so that others have their turn. */
    private static final int PASS_RECORDS_MAX = 20_000;

    /** How long a stream may take to write its part while others wait for a place: a few KB/s will do. */
    private static final long WRITE_NANOS_MAX = Duration.ofSeconds(5).toNanos();

    /** How long a stream that was told to end may take before the next one is. */
    private static final long ENDING_NANOS_MAX = Duration.ofMillis(100).toNanos();

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final JournalConsumers consumers;
    private final int partsMax;
    private final StreamMetrics metrics;
    private final List<Thread> threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Who waits, by shard; the shard that waits longest comes first. */
    private final Map<ShardTail, Deque<MissedPart>> waiting = new LinkedHashMap<>();

    private final Set<ShardTail> beingRead = new HashSet<>();

    /** The parts that streams write, but for those that were told to end; who has held its own for longest comes first. */
    private final Set<MissedPart> beingWritten = new LinkedHashSet<>();

    /** Parts that are being read or written. */
    private int parts;

    private boolean closed;

    /** @param partsMax parts that are being read or written at a time: more streams wait */
    CatchUp(JournalConsumers consumers, int partsMax, StreamMetrics metrics) {
        this.consumers = consumers;
        this.partsMax = partsMax;
        this.metrics = metrics;
        threads = IntStream.range(0, READERS)
                .mapToObj(i -> Thread.ofPlatform()
                        .daemon()
                        .name("gateway-catch-up-" + i)
                        .unstarted(this::run))
                .toList();
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /**
     * Asks for what concerns a view after a sequence.
     *
     * @param signal raised when the part has been read
     * @return to be given back by {@link #release}, as soon as it has been written
     */
    MissedPart request(ShardTail shard, View view, long sequence, Signal signal) {
        MissedPart part = new MissedPart(shard, view, sequence, signal);
        lock.lock();
        try {
            waiting.computeIfAbsent(shard, s -> new ArrayDeque<>()).add(part);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return part;
    }

    /** The stream has written a part, or does not want it any more; to be called once. */
    void release(MissedPart part) {
        lock.lock();
        try {
            part.release();
            Deque<MissedPart> queue = waiting.get(part.shard());
            if (queue != null && queue.remove(part) && queue.isEmpty()) {
                waiting.remove(part.shard());
            }
            if (part.isOver()) {
                beingWritten.remove(part);
                parts--;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            for (Thread thread : threads) {
                // Never interrupted: Kafka's clients do not close cleanly on an interrupted thread.
                thread.join(CLOSE.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (JournalReader reader = new JournalReader(consumers)) {
            for (List<MissedPart> pass = take(); !pass.isEmpty(); pass = take()) {
                try {
                    serve(reader, pass);
                } finally {
                    finish(pass);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for work: parts of one shard, none of which begins before the first. Empty when there is no more to do. */
    private List<MissedPart> take() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                for (Map.Entry<ShardTail, Deque<MissedPart>> shard : waiting.entrySet()) {
                    if (parts < partsMax && !beingRead.contains(shard.getKey())) {
                        return take(shard.getKey(), shard.getValue());
                    }
                }
                changed.awaitNanos(endSlowest());
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    /**
     * While streams wait for a place, those that do not take what they have been given lose theirs, one after the other.
     *
     * @return how long there is nothing else to do for
     */
    private long endSlowest() {
        if (waiting.isEmpty() || parts < partsMax || beingWritten.isEmpty()) {
            return Long.MAX_VALUE;
        }
        MissedPart longest = beingWritten.iterator().next();
        long left = longest.completeAtNanos() + WRITE_NANOS_MAX - System.nanoTime();
        if (left > 0) {
            return left;
        }
        beingWritten.remove(longest);
        // It has not given the part back, so its thread still runs that stream.
        longest.signal().interrupt();
        metrics.cutOff();
        return ENDING_NANOS_MAX;
    }

    private List<MissedPart> take(ShardTail shard, Deque<MissedPart> queue) {
        waiting.remove(shard);
        List<MissedPart> taken = new ArrayList<>();
        Deque<MissedPart> left = new ArrayDeque<>();
        for (MissedPart part : queue) {
            boolean first = taken.isEmpty();
            if (parts < partsMax && (first || part.after() >= taken.getFirst().after())) {
                parts++;
                part.take();
                taken.add(part);
            } else {
                left.add(part);
            }
        }
        if (!left.isEmpty()) {
            waiting.put(shard, left);
        }
        beingRead.add(shard);
        return taken;
    }

    private void serve(JournalReader reader, List<MissedPart> pass) throws InterruptedException {
        JournalPass reading = new JournalPass(pass);
        try {
            read(reader, pass.getFirst().shard(), reading);
            LOG.debug("Read up to {} for {} streams", reading.position(), pass.size());
        } catch (MalformedException | InvariantViolation e) {
            LOG.error("The journal cannot be read on behind {}", reading.position(), e);
            reading.fail("the journal is damaged behind " + reading.position() + ": " + e.getMessage());
        } catch (OffsetOutOfRangeException e) {
            LOG.error("The journal has lost what comes behind {}", reading.position(), e);
            reading.fail("the journal has lost what comes behind " + reading.position());
        } catch (RuntimeException e) {
            LOG.warn("The journal cannot be read now; trying again: {}", e.toString());
            LOG.debug("The journal cannot be read now", e);
            reader.close();
            awaitRetry();
        }
        reading.end();
    }

    private static void read(JournalReader reader, ShardTail shard, JournalPass pass) {
        reader.seek(shard, pass.sequence() + 1);
        int read = 0;
        while (read < PASS_RECORDS_MAX && !pass.isDone() && pass.sequence() < shard.last()) {
            List<ConsumerRecord<byte[], byte[]>> records = reader.read(shard, shard.nextOffset());
            if (records.isEmpty()) {
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                pass.take(record);
            }
            read += records.size();
        }
    }

    private void awaitRetry() throws InterruptedException {
        lock.lock();
        try {
            long left = RETRY.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void finish(List<MissedPart> pass) {
        lock.lock();
        try {
            beingRead.remove(pass.getFirst().shard());
            for (MissedPart part : pass) {
                part.complete();
                if (part.isOver()) {
                    parts--;
                } else {
                    beingWritten.add(part);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        pass.forEach(part -> part.signal().raise());
    }
}
