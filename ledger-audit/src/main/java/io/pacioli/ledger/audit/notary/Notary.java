package io.pacioli.ledger.audit.notary;

import io.pacioli.ledger.service.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads the journal and publishes checkpoints, for the shards that its consumer group gives it.
 *
 * <p>How far a shard was signed is asked of the topic of checkpoints when the shard is assigned. Two notaries never sign the same shard:
 * checkpoints are published in a transaction together with the group's offsets, and the broker refuses those of a member that the group has
 * given up (KIP-447). The offsets are not read for anything else.
 */
final class Notary implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Notary.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration API_MAX = Duration.ofSeconds(30);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
    private static final long RETRY_MILLIS = 2_000;
    private static final int NAMED_MAX = 5;

    private final NotarySettings settings;
    private final NotaryClients clients;
    private final NotaryMetrics metrics;
    private final Health.Component health;
    private final CompletableFuture<Void> died;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final Map<Integer, ShardNotary> shards = new TreeMap<>();

    /** Shards that were assigned and not taken up yet. */
    private final Set<TopicPartition> untaken = new HashSet<>();

    /** Where the journal of a shard ended when it was taken up. */
    private final Map<Integer, Long> ends = new HashMap<>();

    private final Set<Integer> refused = new HashSet<>();
    private boolean isAssigned;

    @SuppressWarnings("ArrayRecordComponent") // It is what is sent, and never compared.
    private record Signed(TopicPartition journal, long offset, byte[] record) {}

    /** @param died completed exceptionally should the thread die of an error */
    Notary(
            NotarySettings settings,
            NotaryClients clients,
            NotaryMetrics metrics,
            Health.Component health,
            CompletableFuture<Void> died) {
        this.settings = settings;
        this.clients = clients;
        this.metrics = metrics;
        this.health = health;
        this.died = died;
    }

    /** Completes when the thread has ended. */
    CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** Asks the thread to end; it does at its next turn, after it has signed what it has read. */
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
            health.fail("the notary died: " + e);
            died.completeExceptionally(e);
            throw e;
        } finally {
            stopped.complete(null);
        }
    }

    /** Signs until that fails for a reason that is not one shard's; then new clients start over. */
    private void attempt() throws InterruptedException {
        try (Consumer<byte[], byte[]> consumer = clients.member();
                Consumer<byte[], byte[]> reader = clients.reader();
                Producer<byte[], byte[]> producer = clients.producer()) {
            try {
                producer.initTransactions();
                consumer.subscribe(List.of(settings.topics().journal()), new Assignment(consumer));
                while (!isClosing()) {
                    turn(consumer, reader, producer);
                }
                publish(consumer, producer, rest());
            } finally {
                // At once: what is under way is aborted by whoever comes next.
                producer.close(CLOSE_MAX);
                consumer.close(CloseOptions.timeout(CLOSE_MAX));
            }
        } catch (RuntimeException e) {
            LOG.error("The notary failed; it starts over", e);
            health.down("starts over after: " + e.getMessage());
            if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("Closed while it waited to start over");
            }
        } finally {
            forgetAll();
        }
    }

    private void turn(
            Consumer<byte[], byte[]> consumer, Consumer<byte[], byte[]> reader, Producer<byte[], byte[]> producer) {
        ConsumerRecords<byte[], byte[]> records = poll(consumer);
        takeUp(consumer, reader);
        List<Signed> signed = new ArrayList<>();
        for (TopicPartition partition : records.partitions()) {
            read(partition, records.records(partition), signed);
        }
        shards.values().forEach(shard -> goOn(shard, consumer));
        long nowNanos = System.nanoTime();
        shards.values().stream()
                .filter(shard -> shard.isDue(nowNanos))
                .map(this::sign)
                .forEach(signed::add);
        publish(consumer, producer, signed);
        report(consumer);
    }

    private ConsumerRecords<byte[], byte[]> poll(Consumer<byte[], byte[]> consumer) {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            e.offsetOutOfRangePartitions().forEach((partition, offset) -> {
                consumer.pause(List.of(partition));
                ShardNotary shard = shards.get(partition.partition());
                if (shard != null) {
                    shard.refuse("the journal does not have offset " + offset + " any more");
                }
            });
            return ConsumerRecords.empty();
        }
    }

    /** Asks what was signed last of the shards that are new here, and goes on from there. */
    private void takeUp(Consumer<byte[], byte[]> consumer, Consumer<byte[], byte[]> reader) {
        if (untaken.isEmpty()) {
            return;
        }
        // Waits until no transaction is open any more that whoever had these shards before may still commit.
        consumer.committed(Set.copyOf(untaken), API_MAX);
        LastCheckpoints last = new LastCheckpoints(reader);
        for (TopicPartition partition : List.copyOf(untaken)) {
            int shard = partition.partition();
            ShardNotary notary = new ShardNotary(shard, settings.key(), settings.keys(), settings.pace());
            ConsumerRecord<byte[], byte[]> record =
                    last.of(new TopicPartition(settings.topics().checkpoints(), shard));
            if (record != null && record.value() == null) {
                notary.refuse("what was published last has no value");
            } else if (record != null) {
                notary.resume(record.value());
            }
            // After the checkpoint: the entry that it covers is before this end.
            long end = consumer.endOffsets(List.of(partition), API_MAX).getOrDefault(partition, 0L);
            long begin = consumer.beginningOffsets(List.of(partition), API_MAX).getOrDefault(partition, 0L);
            boolean isThere = notary.from() >= begin && notary.from() < end;
            if (!isThere) {
                notary.startOver();
            }
            ends.put(shard, end);
            shards.put(shard, notary);
            consumer.seek(partition, isThere ? notary.from() : begin);
            consumer.resume(List.of(partition));
            untaken.remove(partition);
            LOG.debug("Shard {} is taken up at offset {}", shard, notary.from());
        }
    }

    private void read(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records, List<Signed> signed) {
        ShardNotary shard = shards.get(partition.partition());
        if (shard == null) {
            return;
        }
        long nowNanos = System.nanoTime();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            shard.read(record.value(), record.offset(), nowNanos);
            if (shard.unsigned() >= settings.pace().entriesMax()) {
                signed.add(sign(shard));
            }
        }
        metrics.read(records.size());
    }

    /** What was signed last must be found before the end, if not where it stood. */
    private void goOn(ShardNotary shard, Consumer<byte[], byte[]> consumer) {
        TopicPartition partition = journal(shard);
        if (shard.isAstray()) {
            LOG.warn(
                    "Shard {}: the journal does not hold the signed entry where it stood; reading all of it",
                    shard.shard());
            shard.startOver();
            consumer.seekToBeginning(List.of(partition));
        } else if (shard.isConfirming() && consumer.position(partition) >= ends.getOrDefault(shard.shard(), 0L)) {
            shard.ended();
        }
        String refusal = shard.refusal();
        if (refusal != null && refused.add(shard.shard())) {
            consumer.pause(List.of(partition));
            LOG.error("Shard {} IS NOT SIGNED ANY MORE: {}", shard.shard(), refusal);
        }
    }

    private List<Signed> rest() {
        return shards.values().stream()
                .filter(shard -> shard.unsigned() > 0)
                .map(this::sign)
                .toList();
    }

    private Signed sign(ShardNotary shard) {
        byte[] record = shard.sign();
        return new Signed(journal(shard), shard.offset(), record);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A record that cannot be sent fails the transaction.
    private void publish(Consumer<byte[], byte[]> consumer, Producer<byte[], byte[]> producer, List<Signed> signed) {
        if (signed.isEmpty()) {
            return;
        }
        producer.beginTransaction();
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (Signed one : signed) {
            int shard = one.journal().partition();
            producer.send(new ProducerRecord<>(settings.topics().checkpoints(), shard, null, one.record()));
            offsets.put(one.journal(), new OffsetAndMetadata(one.offset() + 1));
        }
        producer.sendOffsetsToTransaction(offsets, consumer.groupMetadata());
        producer.commitTransaction();
        metrics.published(signed.size());
    }

    private void report(Consumer<byte[], byte[]> consumer) {
        for (ShardNotary shard : shards.values()) {
            long lag = consumer.currentLag(journal(shard)).orElse(0);
            metrics.shard(shard.shard(), shard.unsigned() + lag, shard.refusal() != null);
        }
        List<ShardNotary> down = shards.values().stream()
                .filter(shard -> shard.refusal() != null)
                .toList();
        if (!isAssigned) {
            health.down("waiting for shards");
        } else if (!down.isEmpty()) {
            health.down(down.stream()
                    .limit(NAMED_MAX)
                    .map(shard -> "shard " + shard.shard() + " is not signed: " + shard.refusal())
                    .collect(Collectors.joining("; ")));
        } else {
            health.up();
        }
    }

    private TopicPartition journal(ShardNotary shard) {
        return new TopicPartition(settings.topics().journal(), shard.shard());
    }

    private void forgetAll() {
        List.copyOf(shards.keySet()).forEach(this::forget);
        untaken.clear();
        isAssigned = false;
    }

    private void forget(int shard) {
        shards.remove(shard);
        ends.remove(shard);
        refused.remove(shard);
        metrics.forget(shard);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    /** Keeps the shards that this process signs. */
    private final class Assignment implements ConsumerRebalanceListener {
        private final Consumer<byte[], byte[]> consumer;

        Assignment(Consumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            isAssigned = true;
            // Any position will do until the right one is known: nothing is fetched while the partition is paused.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            consumer.pause(partitions);
            untaken.addAll(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(untaken::remove);
            partitions.forEach(partition -> forget(partition.partition()));
        }
    }
}
