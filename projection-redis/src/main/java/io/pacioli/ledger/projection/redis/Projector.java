package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.pacioli.ledger.api.PartitionRange;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.service.GroupSession;
import io.pacioli.ledger.service.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

    /** How long a turn waits for answers to batches: more than Redis needs for a turn's batches, unless it hangs. */
    private static final long SETTLE_MILLIS = 500;

    /** How long a turn waits for positions: Redis has them at once, unless it hangs. */
    private static final long ASK_MILLIS = 50;

    private static final long RETRY_MILLIS = 2_000;
    private static final int NAMED_MAX = 5;

    private final String journal;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final GroupSession session;
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
    private long checkedAtNanos = System.nanoTime();

    /**
     * @param journal the topic
     * @param consumers makes a consumer that is read_committed, commits nothing and never resets its offset; called here once, so
     *     that a wrong setting is told at once
     * @param session of the consumers
     * @param notifying whether what happens is published
     * @param died completed exceptionally should the thread die of an error
     */
    Projector(
            String journal,
            Supplier<Consumer<byte[], byte[]>> consumers,
            GroupSession session,
            ProjectionStore store,
            ProjectionMetrics metrics,
            boolean notifying,
            Health.Component health,
            CompletableFuture<Void> died) {
        this.journal = journal;
        this.consumers = consumers;
        this.session = session;
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
            boolean isPutRight = session.lengthenAfter(e);
            if (!isPutRight) {
                LOG.error("The projector failed; it starts over", e);
                health.down("starts over after: " + e.getMessage());
            }
            closeConsumer();
            broken = true;
            forgetAll();
            if (!isPutRight && closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("Closed while it waited to start over");
            }
        }
    }

    /** While Redis applies the batches of one turn, the next turn's records are fetched and folded. */
    private void turn() {
        fold(poll());
        settle();
        send();
        goOn();
        check();
        fetchWhatCanBeTaken();
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

    /** Takes the answers to what was sent; a shard whose answers do not come in time is left alone until they do. */
    private void settle() {
        awaitAll(shards.values().stream().flatMap(ShardProjection::answers), SETTLE_MILLIS);
        shards.values().forEach(ShardProjection::settle);
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
    private void goOn() {
        List<ShardProjection> lost = shards.values().stream()
                .filter(shard -> shard.state() == ShardProjection.State.LOST)
                .toList();
        awaitAll(lost.stream().map(ShardProjection::ask).flatMap(Optional::stream), ASK_MILLIS);
        Map<ShardProjection, String> answered = new LinkedHashMap<>();
        lost.forEach(shard -> shard.answer().ifPresent(stored -> answered.put(shard, stored)));
        if (answered.isEmpty()) {
            return;
        }
        // The journal's ends after the positions: another projector may move both on, but never a position past an end.
        Map<TopicPartition, PartitionRange> ranges = PartitionRange.of(
                consumer, answered.keySet().stream().map(this::partition).toList());
        answered.forEach((shard, stored) -> {
            PartitionRange range = ranges.get(partition(shard));
            if (range == null) {
                shard.loseForAWhile("nobody leads its partition of the journal, or its leader does not answer");
                return;
            }
            try {
                goOn(shard, stored, range.begin(), range.end());
            } catch (RedisException e) {
                shard.lose(e);
            }
        });
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
            shard.refuse(
                    "Redis is true for another journal: its next offset is " + position.offset() + ", the journal has "
                            + begin + " to " + end + "; delete the shard's position to have it rebuilt",
                    position);
            return;
        }
        shard.resume(position);
        consumer.seek(partition(shard), position.offset());
        metrics.lag(shard.shard(), end - position.offset());
    }

    /** Notices a store that was lost or replaced while no batch could be refused. */
    private void check() {
        List<ShardProjection> known = shards.values().stream()
                .filter(shard -> shard.state() != ShardProjection.State.LOST)
                .toList();
        known.forEach(ShardProjection::compare);
        if (System.nanoTime() - checkedAtNanos >= CHECK_NANOS) {
            checkedAtNanos = System.nanoTime();
            known.stream()
                    .filter(shard -> shard.state() != ShardProjection.State.LOST && shard.isSettled())
                    .forEach(ShardProjection::check);
        }
    }

    /** Waits until all answers are there, however they turn out, or the time is over. */
    private static void awaitAll(Stream<CompletableFuture<String>> answers, long millis) {
        CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                .exceptionally(failed -> null)
                .completeOnTimeout(null, millis, TimeUnit.MILLISECONDS)
                .join();
    }

    /** Nothing is fetched for shards that cannot take it. */
    private void fetchWhatCanBeTaken() {
        Map<Boolean, List<TopicPartition>> receptive = shards.values().stream()
                .collect(Collectors.partitioningBy(
                        ShardProjection::isReceptive, Collectors.mapping(this::partition, Collectors.toList())));
        consumer.pause(receptive.getOrDefault(false, List.of()));
        consumer.resume(receptive.getOrDefault(true, List.of()));
    }

    private void report() {
        for (ShardProjection shard : shards.values()) {
            if (shard.state() == ShardProjection.State.RUNNING) {
                consumer.currentLag(partition(shard))
                        .ifPresent(lag -> metrics.lag(shard.shard(), lag + shard.unsettledEntries()));
            } else {
                // Nobody knows it: the last one known would look as if all was well.
                metrics.forget(shard.shard());
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
            consumer.close(CloseOptions.timeout(Duration.ofMillis(RETRY_MILLIS)));
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
