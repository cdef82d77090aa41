package io.pacioli.ledger.service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets requests wait until a projection has reached a position, so that clients can read what they wrote.
 *
 * <p>In the projector's own process {@link #update} tells the gate. In any other the gate is {@link #polling}: while somebody
 * waits, one thread reads the store's positions for all of them. Waiters are ordered by sequence, so that an update costs what it
 * releases, not what waits. Thread safe.
 */
public final class PositionGate implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PositionGate.class);

    private final List<Lane> lanes;
    private final int waitersMax;
    private final AtomicInteger waiting = new AtomicInteger();
    private final @Nullable Poller poller;
    private volatile boolean closed;

    private PositionGate(int shards, int waitersMax, @Nullable PositionSource source, Duration interval) {
        if (shards < 1 || waitersMax < 1) {
            throw new IllegalArgumentException("must be at least 1: shards=" + shards + " waitersMax=" + waitersMax);
        }
        this.lanes = IntStream.range(0, shards).mapToObj(shard -> new Lane()).toList();
        this.waitersMax = waitersMax;
        this.poller = source == null ? null : new Poller(source, interval.toNanos());
    }

    /**
     * A gate that the projector updates; every shard starts at 0.
     *
     * @param shards the number of shards, 1 or more
     * @param waitersMax how many may wait at once, over all shards
     */
    public static PositionGate updated(int shards, int waitersMax) {
        return new PositionGate(shards, waitersMax, null, Duration.ZERO);
    }

    /**
     * A gate that reads the positions itself, at most once an interval while somebody waits.
     *
     * @param shards the number of shards, 1 or more
     * @param waitersMax how many may wait at once, over all shards
     * @param source where the positions are; may be slow, and may fail for a while
     * @param interval the time between two reads, such as 20 ms; also the age up to which a position that was read is trusted
     */
    public static PositionGate polling(int shards, int waitersMax, PositionSource source, Duration interval) {
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("must be more than nothing: interval=" + interval);
        }
        PositionGate gate = new PositionGate(shards, waitersMax, source, interval);
        if (gate.poller != null) {
            gate.poller.thread.start();
        }
        return gate;
    }

    /** The number of shards. */
    public int shards() {
        return lanes.size();
    }

    /** The sequence that the shard's projection is known to have reached. */
    public long sequence(int shard) {
        return lanes.get(shard).sequence;
    }

    /** How many wait now. */
    public int waiting() {
        return waiting.get();
    }

    /** The projection has applied the shard's entries up to this sequence; a lower one than before changes nothing. */
    public void update(int shard, long sequence) {
        lanes.get(shard).advance(sequence, false);
    }

    /** The projection of the shard starts again from this sequence, which may be lower than before; waiters go on waiting for theirs. */
    public void reset(int shard, long sequence) {
        lanes.get(shard).advance(sequence, true);
    }

    /**
     * Waits until the projection of the shard has reached the sequence.
     *
     * @param max how long to wait at most; zero asks without waiting
     * @return whether it has; false as soon as the gate is closed
     * @throws RejectedExecutionException when as many wait already as may
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    public boolean await(int shard, long sequence, Duration max) throws InterruptedException {
        Lane lane = lanes.get(shard);
        if (poller != null) {
            poller.refresh(shard);
        }
        if (lane.sequence >= sequence) {
            return true;
        }
        int others = waiting.getAndIncrement();
        try {
            if (others >= waitersMax) {
                throw new RejectedExecutionException("too many requests wait for a position: at most " + waitersMax);
            }
            if (poller != null && others == 0) {
                LockSupport.unpark(poller.thread);
            }
            return lane.await(sequence, max);
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** Releases whoever waits, with the answer false, and stops to poll. */
    @Override
    public void close() {
        closed = true;
        lanes.forEach(Lane::releaseAll);
        if (poller != null) {
            LockSupport.unpark(poller.thread);
        }
    }

    private record Waiter(long sequence, long number, CountDownLatch released) {
        static final Comparator<Waiter> BY_SEQUENCE =
                Comparator.comparingLong(Waiter::sequence).thenComparingLong(Waiter::number);
    }

    /** One shard's position and who waits for it. */
    private final class Lane {
        private final ReentrantLock lock = new ReentrantLock();
        private final TreeSet<Waiter> waiters = new TreeSet<>(Waiter.BY_SEQUENCE);
        private long arrivals;
        private volatile long sequence;

        boolean await(long wanted, Duration max) throws InterruptedException {
            Waiter waiter = enter(wanted);
            if (waiter == null) {
                return sequence >= wanted;
            }
            try {
                // A waiter that was released has its answer, even if the projection was reset in the meantime.
                return waiter.released().await(max.toNanos(), TimeUnit.NANOSECONDS) && !closed;
            } finally {
                leave(waiter);
            }
        }

        /** Checks again under the lock: an update between the caller's check and this would otherwise be missed. */
        private @Nullable Waiter enter(long wanted) {
            lock.lock();
            try {
                if (closed || sequence >= wanted) {
                    return null;
                }
                Waiter waiter = new Waiter(wanted, arrivals++, new CountDownLatch(1));
                waiters.add(waiter);
                return waiter;
            } finally {
                lock.unlock();
            }
        }

        private void leave(Waiter waiter) {
            lock.lock();
            try {
                waiters.remove(waiter);
            } finally {
                lock.unlock();
            }
        }

        void advance(long reached, boolean mayGoBack) {
            List<Waiter> released = new ArrayList<>();
            lock.lock();
            try {
                if (reached < sequence && !mayGoBack) {
                    return;
                }
                sequence = reached;
                while (!waiters.isEmpty() && waiters.first().sequence() <= reached) {
                    released.add(waiters.removeFirst());
                }
            } finally {
                lock.unlock();
            }
            released.forEach(waiter -> waiter.released().countDown());
        }

        boolean hasWaiters() {
            lock.lock();
            try {
                return !waiters.isEmpty();
            } finally {
                lock.unlock();
            }
        }

        void releaseAll() {
            lock.lock();
            try {
                waiters.forEach(waiter -> waiter.released().countDown());
                waiters.clear();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Reads the store's positions on behalf of all waiters. */
    private final class Poller {
        private final PositionSource source;
        private final long intervalNanos;
        private final Thread thread = Thread.ofVirtual().name("position-poller").unstarted(this::run);
        private final List<AtomicLong> readAtNanos;
        private volatile boolean failing;

        Poller(PositionSource source, long intervalNanos) {
            this.source = source;
            this.intervalNanos = intervalNanos;
            long never = System.nanoTime() - intervalNanos - 1;
            this.readAtNanos = lanes.stream().map(lane -> new AtomicLong(never)).toList();
        }

        /** Reads the position if the last read is too old; of callers at the same time, one reads and the others go on to wait. */
        void refresh(int shard) {
            long now = System.nanoTime();
            long last = readAtNanos.get(shard).get();
            if (now - last > intervalNanos && readAtNanos.get(shard).compareAndSet(last, now)) {
                poll(shard);
            }
        }

        private void run() {
            while (!closed) {
                while (waiting.get() == 0 && !closed) {
                    LockSupport.park(this);
                }
                for (int shard = 0; shard < lanes.size() && !closed; shard++) {
                    if (lanes.get(shard).hasWaiters()) {
                        poll(shard);
                    }
                }
                pause();
            }
        }

        /** A store that is away is told once, then waited for: its waiters time out meanwhile. */
        private void poll(int shard) {
            try {
                readAtNanos.get(shard).set(System.nanoTime());
                reset(shard, source.sequence(shard));
                failing = false;
            } catch (RuntimeException e) {
                if (!failing) {
                    LOG.warn(
                            "Cannot read the projection's positions; trying again every {} ms",
                            intervalNanos / 1_000_000,
                            e);
                }
                failing = true;
            }
        }

        private void pause() {
            long until = System.nanoTime() + intervalNanos;
            for (long left = intervalNanos; left > 0 && !closed; left = until - System.nanoTime()) {
                LockSupport.parkNanos(this, left);
            }
        }
    }
}
