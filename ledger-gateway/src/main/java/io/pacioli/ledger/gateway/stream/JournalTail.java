package io.pacioli.ledger.gateway.stream;

import io.pacioli.ledger.api.PartitionRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of the process that follows the end of the journal, in the shards that somebody watches and for a while after the
 * last one has left, as clients that lost their connection come back. Thread safe.
 */
final class JournalTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalTail.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final long RETRY_MILLIS = 1_000;
    private static final long PLACE_AGAIN_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long LINGER_NANOS = Duration.ofMinutes(1).toNanos();

    private final String journal;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final StreamMetrics metrics;
    private final Map<Integer, ShardTail> shards = new HashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private List<ShardTail> assigned = List.of();
    private long placeAtNanos = System.nanoTime();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    /**
     * @param journal the topic
     * @param consumers makes consumers of it
     */
    JournalTail(String journal, Supplier<Consumer<byte[], byte[]>> consumers, StreamMetrics metrics) {
        this.journal = journal;
        this.consumers = consumers;
        this.metrics = metrics;
        thread = Thread.ofPlatform().daemon().name("gateway-journal-tail").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /**
     * Begins to watch a view of a shard.
     *
     * @param recentWeightMax about how many bytes the shard's recent entries may take on the heap
     * @param signal raised whenever there may be something new; to be taken back by {@link ShardTail#leave}
     */
    ShardTail watch(int shard, long recentWeightMax, View view, Signal signal) {
        ShardTail watched;
        boolean fresh;
        synchronized (shards) {
            ShardTail known = shards.get(shard);
            fresh = known == null || !known.failure().isEmpty();
            watched = known == null || fresh ? new ShardTail(shard, recentWeightMax) : known;
            shards.put(shard, watched);
            // Under the lock, so that the thread does not forget it as one that nobody watches.
            watched.watch(view, signal);
        }
        if (fresh) {
            wake();
        }
        return watched;
    }

    @Override
    public void close() {
        closing.countDown();
        wake();
        try {
            // Never interrupted: Kafka's clients do not close cleanly on an interrupted thread.
            if (thread.getState() != Thread.State.NEW) {
                thread.join(CLOSE.multipliedBy(2).toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        Consumer<byte[], byte[]> polling = consumer;
        if (polling != null) {
            polling.wakeup();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            while (!isClosing()) {
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeConsumer();
        }
    }

    private void attempt() throws InterruptedException {
        try {
            if (consumer == null) {
                consumer = consumers.get();
            }
            Consumer<byte[], byte[]> polling = Objects.requireNonNull(consumer);
            while (!isClosing()) {
                turn(polling);
            }
        } catch (WakeupException e) {
            LOG.debug("Woken up", e);
        } catch (TimeoutException e) {
            LOG.debug("Kafka does not answer; trying again", e);
        } catch (RuntimeException e) {
            LOG.warn("The journal cannot be followed; starting over: {}", e.toString());
            LOG.debug("The journal cannot be followed", e);
            closeConsumer();
            if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("Closed while it waited to start over");
            }
        }
    }

    private void turn(Consumer<byte[], byte[]> polling) {
        assign(polling);
        long behind = 0;
        if (assigned.isEmpty()) {
            LockSupport.parkNanos(this, POLL.toNanos());
        }
        ConsumerRecords<byte[], byte[]> records = assigned.isEmpty() ? ConsumerRecords.empty() : poll(polling);
        for (ShardTail shard : assigned.stream().filter(ShardTail::isStarted).toList()) {
            TopicPartition partition = partition(shard);
            shard.append(records.records(partition));
            if (shard.failure().isEmpty()) {
                shard.arrived(polling.position(partition)).ifPresent(offset -> polling.seek(partition, offset));
            }
            behind += polling.currentLag(partition).orElse(0);
        }
        metrics.lag(behind);
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> polling) {
        try {
            return polling.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            for (ShardTail shard : assigned) {
                Long offset = e.offsetOutOfRangePartitions().get(partition(shard));
                if (offset != null) {
                    shard.fail("the journal does not have offset " + offset);
                }
            }
            return ConsumerRecords.empty();
        }
    }

    /** Reads what is watched now. Nothing is fetched from a shard before it is known where it ends. */
    private void assign(Consumer<byte[], byte[]> polling) {
        List<ShardTail> wanted = wanted();
        if (!wanted.equals(assigned)) {
            polling.assign(wanted.stream().map(this::partition).toList());
            for (ShardTail shard : wanted) {
                if (!shard.isStarted()) {
                    polling.seek(partition(shard), 0);
                    polling.pause(List.of(partition(shard)));
                } else if (!assigned.contains(shard)) {
                    polling.seek(partition(shard), shard.nextOffset());
                }
            }
            assigned = wanted;
            placeAtNanos = System.nanoTime();
        }
        List<ShardTail> unplaced =
                assigned.stream().filter(shard -> !shard.isStarted()).toList();
        if (!unplaced.isEmpty() && System.nanoTime() - placeAtNanos >= 0) {
            place(polling, unplaced);
        }
    }

    /** A shard whose partition nobody leads now is asked for again later, and keeps nobody from the others. */
    private void place(Consumer<byte[], byte[]> polling, List<ShardTail> unplaced) {
        Map<TopicPartition, PartitionRange> ranges = PartitionRange.of(
                polling, unplaced.stream().map(this::partition).toList());
        for (ShardTail shard : unplaced) {
            PartitionRange range = ranges.get(partition(shard));
            if (range != null) {
                shard.start(range.begin(), range.end());
                polling.seek(partition(shard), shard.nextOffset());
                polling.resume(List.of(partition(shard)));
            }
        }
        placeAtNanos = System.nanoTime() + PLACE_AGAIN_NANOS;
    }

    /** Forgets what nobody watches any more and what has failed, and lists the others. */
    private List<ShardTail> wanted() {
        synchronized (shards) {
            shards.values()
                    .removeIf(shard -> shard.isUnwatchedFor(LINGER_NANOS)
                            || !shard.failure().isEmpty());
            return new ArrayList<>(shards.values());
        }
    }

    private TopicPartition partition(ShardTail shard) {
        return new TopicPartition(journal, shard.shard());
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** A new consumer finds every shard where the old one left it. */
    private void closeConsumer() {
        Consumer<byte[], byte[]> old = consumer;
        consumer = null;
        assigned = List.of();
        if (old != null) {
            try {
                old.close(CloseOptions.timeout(CLOSE));
            } catch (KafkaException e) {
                LOG.warn("The consumer did not close cleanly: {}", e.toString());
            }
        }
    }
}
