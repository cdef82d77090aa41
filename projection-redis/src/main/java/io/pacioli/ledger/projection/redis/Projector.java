package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.service.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that carries the journal to Redis, for the shards that its consumer group gives it.
 *
 * <p>The group decides only who projects which shard. How far a shard has got is asked of Redis, when it is assigned, whenever Redis
 * refuses a batch, and once a second while nothing happens. Two projectors that take themselves for responsible do no harm: the
 * script lets only one of them go on.
 */
final class Projector implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Projector.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long CHECK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long RETRY_MILLIS_MIN = 100;
    private static final long RETRY_MILLIS_MAX = 2_000;
    private static final int NAMED_MAX = 5;

    private final String journal;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final ProjectionStore store;
    private final ProjectionMetrics metrics;
    private final boolean notifying;
    private final Health.Component health;
    private final CompletableFuture<Void> died;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Map<Integer, ShardProjection> shards = new TreeMap<>();
    private Consumer<byte[], byte[]> consumer;
    private boolean broken;
    private boolean assigned;
    private long checkedAtNanos;
    private long askAtNanos;
    private long retryMillis = RETRY_MILLIS_MIN;

    /**
     * @param journal the topic
     * @param consumers makes a consumer that is read_committed, commits nothing and never resets its offset; called here once, so
     *     that a wrong setting is told at once
     * @param notifying whether what happens is published
     * @param died completed exceptionally should the thread die of an error
     */
    Projector(
            String journal,
            Supplier<Consumer<byte[], byte[]>> consumers,
            ProjectionStore store,
            ProjectionMetrics metrics,
            boolean notifying,
            Health.Component health,
            CompletableFuture<Void> died) {
        this.journal = journal;
        this.consumers = consumers;
        this.store = store;
        this.metrics = metrics;
        this.notifying = notifying;
        this.health = health;
        this.died = died;
        this.consumer = consumers.get();
    }

    /** Completes when the thread has ended. */
    CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** Asks the thread to end; it does at its next turn. */
    void stop() {
        closing.countDown();
    }

    @Override
    public void run() {
        try {
            while (!isClosing()) {
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Error e) {
            health.fail("the projector died: " + e);
            died.completeExceptionally(e);
            throw e;
        } finally {
            closeConsumer();
            stopped.complete(null);
        }
    }

    /** Projects until that fails for a reason that is not one shard's or the store's; then a new consumer starts over. */
    private void attempt() throws InterruptedException {
        try {
            if (broken) {
                consumer = consumers.get();
                broken = false;
            }
            consumer.subscribe(List.of(journal), new Assignment());
            while (!isClosing()) {
                turn();
            }
        } catch (WakeupException e) {
            LOG.debug("Woken up", e);
        } catch (RuntimeException e) {
            LOG.error("The projector failed; it starts over", e);
            health.down("starts over after: " + e.getMessage());
            closeConsumer();
            broken = true;
            forgetAll();
            if (closing.await(RETRY_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                LOG.debug("Closed while it waited to start over");
            }
        }
    }

    /** While Redis applies the batches of one turn, the next turn's records are fetched and folded. */
    private void turn() {
        fold(poll());
        try {
            for (ShardProjection shard : shards.values()) {
                shard.settle();
            }
            send();
            askPositions();
            check();
        } catch (RedisException e) {
            loseAll("Redis cannot be reached or refuses: " + e.getMessage());
        }
        pauseIdle();
        report();
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach((partition, offset) -> {
                consumer.pause(List.of(partition));
                ShardProjection shard = shards.get(partition.partition());
                if (shard != null) {
                    shard.stop("the journal does not have offset " + offset, shard.expected());
                }
            });
            return ConsumerRecords.empty();
        }
    }

    private void fold(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            ShardProjection shard = shards.get(partition.partition());
            if (shard != null) {
                shard.fold(records.records(partition));
            }
        }
    }

    private void send() {
        for (ShardProjection shard : shards.values()) {
            if (shard.state() == ShardProjection.State.RUNNING
                    && shard.tip().isRebuilding()
                    && consumer.position(partition(shard)) >= shard.tip().rebuildUntil()) {
                shard.completeRebuild();
            }
            shard.send();
        }
    }

    /** Asks the store for the positions of the shards that nobody here knows, and goes on from there. */
    private void askPositions() {
        List<ShardProjection> lost = shards.values().stream()
                .filter(shard -> shard.state() == ShardProjection.State.LOST)
                .toList();
        if (lost.isEmpty() || System.nanoTime() - askAtNanos < 0) {
            return;
        }
        store.load();
        // The positions before the journal's ends: another projector may move both on, but never a position past an
        // end.
        List<String> stored = positions(lost);
        List<TopicPartition> partitions = lost.stream().map(this::partition).toList();
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        for (int i = 0; i < lost.size(); i++) {
            TopicPartition partition = partitions.get(i);
            long begin = Objects.requireNonNull(begins.get(partition));
            long end = Objects.requireNonNull(ends.get(partition));
            goOn(lost.get(i), stored.get(i), begin, end);
        }
        retryMillis = RETRY_MILLIS_MIN;
    }

    private void goOn(ShardProjection shard, String stored, long begin, long end) {
        String known = stored;
        boolean isOlder = StorePosition.layout(stored) == StorePosition.Layout.OLDER;
        if (stored.isEmpty() || isOlder) {
            LOG.info(
                    "Shard {}: Redis has {}; rebuilding it from the journal up to offset {}",
                    shard.shard(),
                    isOlder ? "an older layout" : "no position",
                    end);
            known = store.clear(shard.shard(), stored, StorePosition.beginning(begin, end));
        }
        StorePosition position;
        try {
            position = StorePosition.parse(known);
        } catch (MalformedException e) {
            shard.stop("Redis holds a position that this version cannot continue: " + e.getMessage(), known);
            return;
        }
        if (position.offset() < begin || position.offset() > end) {
            shard.stop(
                    "Redis is true for another journal: its next offset is " + position.offset() + ", the journal has "
                            + begin + " to " + end + "; delete the shard's keys to have it rebuilt",
                    known);
            return;
        }
        shard.resume(position);
        consumer.seek(partition(shard), position.offset());
        consumer.resume(List.of(partition(shard)));
        metrics.lag(shard.shard(), end - position.offset());
    }

    /** Notices a store that was lost or replaced while no batch could be refused. */
    private void check() {
        if (System.nanoTime() - checkedAtNanos < CHECK_NANOS) {
            return;
        }
        checkedAtNanos = System.nanoTime();
        List<ShardProjection> idle = shards.values().stream()
                .filter(shard -> shard.state() != ShardProjection.State.LOST && shard.isSettled())
                .toList();
        List<String> stored = positions(idle);
        for (int i = 0; i < idle.size(); i++) {
            if (!stored.get(i).equals(idle.get(i).expected())) {
                idle.get(i).lose("the position in Redis has changed: position='" + stored.get(i) + "'");
            }
        }
    }

    /** What the store has as positions of shards, asked for all at once. */
    private List<String> positions(List<ShardProjection> asked) {
        List<CompletableFuture<String>> answers =
                asked.stream().map(shard -> store.position(shard.shard())).toList();
        return answers.stream().map(store::await).toList();
    }

    private void loseAll(String why) {
        askAtNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retryMillis);
        retryMillis = Math.min(2 * retryMillis, RETRY_MILLIS_MAX);
        shards.values().forEach(shard -> shard.lose(why));
    }

    /** Nothing is fetched for shards that cannot take it. */
    private void pauseIdle() {
        List<TopicPartition> idle = shards.values().stream()
                .filter(shard -> shard.state() != ShardProjection.State.RUNNING)
                .map(this::partition)
                .toList();
        consumer.pause(idle);
    }

    private void report() {
        for (ShardProjection shard : shards.values()) {
            if (shard.state() == ShardProjection.State.RUNNING) {
                consumer.currentLag(partition(shard))
                        .ifPresent(lag -> metrics.lag(shard.shard(), lag + shard.unsettledEntries()));
            }
        }
        List<ShardProjection> down = shards.values().stream()
                .filter(shard -> shard.state() != ShardProjection.State.RUNNING)
                .toList();
        List<ShardProjection> rebuilding = shards.values().stream()
                .filter(shard -> shard.tip().isRebuilding())
                .toList();
        if (!assigned) {
            health.down("waiting for shards");
        } else if (!down.isEmpty()) {
            health.down(down.stream()
                    .limit(NAMED_MAX)
                    .map(shard -> "shard " + shard.shard() + ": " + shard.reason())
                    .collect(Collectors.joining("; ")));
        } else if (!rebuilding.isEmpty()) {
            health.down("rebuilding " + rebuilding.size() + " of " + shards.size() + " shards");
        } else {
            health.up();
        }
    }

    private TopicPartition partition(ShardProjection shard) {
        return new TopicPartition(journal, shard.shard());
    }

    private void forgetAll() {
        new ArrayList<>(shards.keySet()).forEach(this::forget);
        assigned = false;
    }

    private void forget(int shard) {
        shards.remove(shard);
        metrics.forget(shard);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void closeConsumer() {
        try {
            consumer.close(CloseOptions.timeout(Duration.ofMillis(RETRY_MILLIS_MAX)));
        } catch (KafkaException e) {
            LOG.warn("The consumer did not close cleanly", e);
        }
    }

    /** Keeps the shards that this process projects. */
    private final class Assignment implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned = true;
            for (TopicPartition partition : partitions) {
                // Any position will do until Redis has told the right one: nothing is fetched while the partition is
                // paused.
                consumer.seek(partition, 0);
                int shard = partition.partition();
                shards.put(shard, new ShardProjection(shard, store, metrics, notifying));
            }
            consumer.pause(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> forget(partition.partition()));
        }
    }
}
