package io.pacioli.ledger.projection.postgres;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * The shards that this instance projects, and where it is with each.
 *
 * <p>Kafka's consumer group says which shards, and nothing else: where to read from is what the store says. A shard is paused from
 * its assignment until it has been placed there. Not thread safe: all is called from the thread that polls.
 */
final class ProjectedShards implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Map<Integer, StoredPosition> placed = new HashMap<>();
    private final Set<Integer> unplaced = new TreeSet<>();
    private int rebalances;

    ProjectedShards(Consumer<byte[], byte[]> consumer, String topic) {
        this.consumer = consumer;
        this.topic = topic;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        rebalances++;
        consumer.pause(partitions);
        for (TopicPartition partition : partitions) {
            // Anywhere, so that the consumer does not look for a committed offset: there is none.
            consumer.seek(partition, 0);
            unplaced.add(partition.partition());
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        rebalances++;
        for (TopicPartition partition : partitions) {
            placed.remove(partition.partition());
            unplaced.remove(partition.partition());
        }
    }

    /** Counts changes of the assignment: what was read before one may be another instance's by now. */
    int rebalances() {
        return rebalances;
    }

    /** Whether the group has this instance for a member, whose share may be nothing. */
    boolean isAssigned() {
        return rebalances > 0;
    }

    /** The shards that wait for their place. */
    Set<Integer> unplaced() {
        return Set.copyOf(unplaced);
    }

    /** Lets all shards wait for their place again. */
    void displaceAll() {
        unplaced.addAll(placed.keySet());
        placed.clear();
    }

    /** Reads the shards on from where the store is; those that have been taken away meanwhile are left out. */
    void place(Map<Integer, StoredPosition> stored) {
        stored.forEach((shard, position) -> {
            TopicPartition partition = new TopicPartition(topic, shard);
            if (!unplaced.remove(shard) && !placed.containsKey(shard)) {
                return;
            }
            placed.put(shard, position);
            if (position.nextOffset() == StoredPosition.BEGINNING) {
                consumer.seekToBeginning(Set.of(partition));
            } else {
                consumer.seek(partition, position.nextOffset());
            }
            consumer.resume(Set.of(partition));
        });
    }

    /** Those of the positions at which the store was not when it was last written or asked. */
    Map<Integer, StoredPosition> moved(Map<Integer, StoredPosition> stored) {
        Map<Integer, StoredPosition> moved = new HashMap<>(stored);
        moved.entrySet().removeIf(entry -> entry.getValue().equals(placed.get(entry.getKey())));
        return moved;
    }

    /** @throws io.pacioli.ledger.core.InvariantViolation when what was read is not what comes next */
    void checkContinues(Collection<ShardRun> runs) {
        for (ShardRun run : runs) {
            StoredPosition position = placed.get(run.shard());
            if (position != null) {
                run.checkContinues(position);
            }
        }
    }

    /** The store has these runs now. */
    void advance(Collection<ShardRun> runs) {
        for (ShardRun run : runs) {
            placed.computeIfPresent(run.shard(), (shard, before) -> run.end());
        }
    }

    /** The shards that are being read. */
    Set<Integer> shards() {
        return Set.copyOf(placed.keySet());
    }

    /** How many records of a shard the journal has after the last one read; 0 when that is not known. */
    long lag(int shard) {
        return consumer.currentLag(new TopicPartition(topic, shard)).orElse(0);
    }
}
