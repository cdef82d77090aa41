package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.GroupSession;
import io.pacioli.ledger.service.Health;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds the journal into the store: reads a bounded number of records, writes them in one transaction, and reads on meanwhile.
 *
 * <p>What is far behind is written in two transactions at a time, of different shards.
 *
 * <p>The store's positions say where to read. They move in the transaction that writes the rows, so a crash, a duplicate, another
 * instance on the same shards, an emptied store and one restored from a backup all come to the same: the batch does not fit, and
 * the projector reads on from where the store is. A store or brokers that are away are waited for. A journal that is not gapless
 * or not one chain of hashes stops the projector for good, because no try could mend it.
 */
final class JournalProjector implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalProjector.class);
    private static final Duration POLL_MAX = Duration.ofMillis(250);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);

    /** How often a projector that has nothing to write asks the store where it is. */
    private static final Duration IDLE_CHECK = Duration.ofSeconds(2);

    private static final int POLL_RECORDS_MAX = 1_000;

    /** How many transactions are written at a time: one database process uses one core, so two keep it busier than one that waits. */
    static final int WRITERS = 2;

    private final Map<String, String> kafka;
    private final GroupSession session;
    private final String topic;
    private final ProjectorSettings settings;
    private final HistoryStore store;
    private final Runnable migration;
    private final ProjectorMetrics metrics;
    private final Health.Component health;
    private final Consumer<Position> reached;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<byte[], byte[]> current;
    private long askedAtNanos;

    /**
     * @param kafka settings of the consumer, with {@code bootstrap.servers}
     * @param topic the journal
     * @param migration brings the store's schema up to date; may fail while the store is away, and is then tried again
     * @param reached told the position of each shard after each transaction
     */
    JournalProjector(
            Map<String, String> kafka,
            String topic,
            ProjectorSettings settings,
            HistoryStore store,
            Runnable migration,
            ProjectorMetrics metrics,
            Health.Component health,
            Consumer<Position> reached) {
        this.kafka = Map.copyOf(kafka);
        this.session = new GroupSession(kafka);
        this.topic = topic;
        this.settings = settings;
        this.store = store;
        this.migration = migration;
        this.metrics = metrics;
        this.health = health;
        this.reached = reached;
    }

    /** Projects until {@link #close()}, or until the journal turns out to be damaged. */
    @Override
    public void run() {
        Backoff backoff = new Backoff(closing, settings.backoffMax());
        try {
            do {
                consume(backoff);
            } while (backoff.pause());
        } catch (StoppedException e) {
            LOG.debug("Stopped while waiting for the store");
        } catch (InvariantViolation | MalformedException | OffsetOutOfRangeException e) {
            LOG.error("The journal and the store do not fit together; history stays as it is", e);
            health.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.error("The projector failed", e);
            health.fail("unexpected: " + e);
        } catch (Error e) {
            health.fail("the projector died: " + e);
            throw e;
        }
    }

    /** Ends {@link #run()} soon; may be called from any thread. */
    void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
    }

    /** One consumer's life: it ends with the service, or with an error that a new one may not have. */
    private void consume(Backoff backoff) {
        if (isClosing()) {
            return;
        }
        retrying(() -> {
            migration.run();
            return true;
        });
        try (BatchWriter writer = new BatchWriter(this::write);
                KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(consumerSettings())) {
            current = consumer;
            try {
                ProjectedShards shards = new ProjectedShards(consumer, topic);
                consumer.subscribe(List.of(topic), shards);
                while (!isClosing()) {
                    step(consumer, shards, writer);
                    if (shards.isAssigned()) {
                        backoff.reset();
                    }
                }
            } finally {
                current = null;
                consumer.close(CloseOptions.timeout(CLOSE_MAX));
            }
        } catch (OffsetOutOfRangeException e) {
            throw e;
        } catch (WakeupException e) {
            LOG.debug("Woken up to close");
        } catch (KafkaException e) {
            if (!session.lengthenAfter(e)) {
                LOG.warn("Reading the journal failed; trying again", e);
                health.down("cannot read the journal: " + e.getMessage());
            }
        }
    }

    private void step(KafkaConsumer<byte[], byte[]> consumer, ProjectedShards shards, BatchWriter writer) {
        if (!shards.unplaced().isEmpty()) {
            settle(writer, shards);
            shards.place(retrying(() -> store.positions(shards.unplaced())));
        }
        List<HistoryBatch> batches = read(consumer, shards);
        if (batches.isEmpty() && writer.isBusy()) {
            return;
        }
        if (settle(writer, shards)) {
            if (batches.isEmpty()) {
                checkStore(shards);
            } else {
                batches.forEach(batch -> shards.checkContinues(batch.runs()));
                writer.write(batches);
            }
        }
        long lag = metrics.lags(shards.shards(), shards::lag);
        if (!shards.isAssigned()) {
            health.down("waiting for shards");
            return;
        }
        health.up("shards=" + shards.shards().size() + " lag=" + lag);
    }

    /**
     * Waits until the last batches are written.
     *
     * @return whether the store has them; if not, what was read after them is of no use either, and the shards wait for their place
     */
    private boolean settle(BatchWriter writer, ProjectedShards shards) {
        List<BatchWriter.Settled> settled;
        try {
            settled = writer.settle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
        boolean isThere = true;
        for (BatchWriter.Settled one : settled) {
            switch (one.written()) {
                case HistoryStore.Written.Committed committed ->
                    shards.advance(one.batch().runs());
                case HistoryStore.Written.Elsewhere elsewhere -> {
                    LOG.info("The store is elsewhere than expected; reading on from there: {}", elsewhere.stored());
                    isThere = false;
                }
            }
        }
        if (!isThere) {
            shards.displaceAll();
        }
        return isThere;
    }

    /** Reads until nothing is at hand or a batch is full; what is far behind in several batches, which are written beside each other. */
    private List<HistoryBatch> read(KafkaConsumer<byte[], byte[]> consumer, ProjectedShards shards) {
        int rebalances = shards.rebalances();
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_MAX);
        ShardBatches batches = new ShardBatches(records.count() == POLL_RECORDS_MAX ? WRITERS : 1);
        while (true) {
            if (rebalances != shards.rebalances()) {
                shards.displaceAll();
                return List.of();
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                batches.of(record.partition()).add(record.value(), record.partition(), record.offset());
            }
            boolean more = records.count() == POLL_RECORDS_MAX;
            if (!more || batches.isAnyFull(settings.batchEntriesMax(), settings.batchBytesMax())) {
                return batches.filled();
            }
            records = consumer.poll(Duration.ZERO);
        }
    }

    /** Finds out that the store is away, or was emptied or set back, also while the journal has nothing new. */
    private void checkStore(ProjectedShards shards) {
        if (System.nanoTime() - askedAtNanos >= IDLE_CHECK.toNanos()) {
            Map<Integer, StoredPosition> moved = shards.moved(retrying(() -> store.positions(shards.shards())));
            if (!moved.isEmpty()) {
                LOG.info("The store is elsewhere than before; reading on from there: {}", moved);
                shards.place(moved);
            }
            askedAtNanos = System.nanoTime();
        }
    }

    /** Writes a batch, however long that takes, and tells at once who waits for it. */
    private HistoryStore.Written write(HistoryBatch batch) {
        long startNanos = System.nanoTime();
        HistoryStore.Written written = retrying(() -> store.write(batch));
        if (written instanceof HistoryStore.Written.Committed) {
            metrics.committed(batch, Duration.ofNanos(System.nanoTime() - startNanos));
            batch.runs().forEach(run -> reached.accept(new Position(run.shard(), run.last())));
        }
        return written;
    }

    /** Tries until the store does it; between tries its schema is brought up to date, in case that is what it lacks. */
    private <T> T retrying(Supplier<T> action) {
        Backoff backoff = new Backoff(closing, settings.backoffMax());
        for (boolean first = true; ; first = false) {
            try {
                if (!first) {
                    migration.run();
                }
                return action.get();
            } catch (DataAccessException e) {
                if (first) {
                    LOG.warn("The store failed; trying again until it does not: {}", Failures.reason(e));
                    LOG.debug("The store failed", e);
                }
                health.down("the store failed: " + Failures.reason(e));
            }
            if (!backoff.pause()) {
                throw new StoppedException();
            }
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> properties = new HashMap<>(Map.of(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                1 << 20,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                8 << 20,
                ConsumerConfig.METADATA_MAX_AGE_CONFIG,
                30_000));
        properties.putAll(session.settings());
        properties.putAll(kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
        properties.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    /** The service closes while a try is pending. */
    private static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super(null, null, false, false);
        }
    }
}
