package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.core.ShardConfiguration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the partitions of a ledger begin and end, the journal's asked first: whatever it has used of its inputs by then is within theirs.
 *
 * @param shards how many partitions each topic has
 * @param beginnings the first offset of each partition
 * @param ends the offset behind the last record of each
 */
record Cut(int shards, Map<TopicPartition, Long> beginnings, Map<TopicPartition, Long> ends) {
    /**
     * Asks for them.
     *
     * @param before what is asked before the journal, because the journal has whatever it is about
     * @param read the journal, and then its inputs
     * @throws AuditException when a topic is missing or has other partitions than the journal
     */
    static Cut of(Consumer<byte[], byte[]> consumer, List<String> before, List<String> read) {
        int shards = count(consumer, read.getFirst());
        List<String> topics = Stream.concat(before.stream(), read.stream()).toList();
        for (String topic : topics) {
            if (count(consumer, topic) != shards) {
                throw new AuditException("topic " + topic + " must have as many partitions as the journal: " + shards);
            }
        }
        List<TopicPartition> all = topics.stream()
                .flatMap(topic -> partitions(topic, shards).stream())
                .toList();
        // A consumer that is asked about what it is not assigned to complains in the log.
        consumer.assign(all);
        Map<TopicPartition, Long> ends = new HashMap<>();
        // The journal before its inputs: what it has used by then is in these by the time that they are asked.
        for (String topic : topics) {
            ends.putAll(consumer.endOffsets(partitions(topic, shards), JournalFold.STALL_MAX));
        }
        return new Cut(shards, consumer.beginningOffsets(all, JournalFold.STALL_MAX), ends);
    }

    /** Where the partitions of an export end. */
    static Cut of(ExportManifest manifest) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        manifest.partitions().forEach(one -> ends.put(new TopicPartition(one.topic(), one.partition()), one.end()));
        return new Cut(manifest.shards().size(), Map.of(), ends);
    }

    /** A partition that lost what is to be read of it cannot be audited: never start anywhere else in silence. */
    Inflow inflow(String topic, int shard, long from) {
        TopicPartition partition = new TopicPartition(topic, shard);
        long beginning = beginnings.getOrDefault(partition, 0L);
        long end = ends.getOrDefault(partition, 0L);
        if (beginning > from || end < from) {
            throw new AuditException("partition " + partition + " must be there from offset " + from + " on, and holds "
                    + beginning + " to " + end);
        }
        Inflow inflow = new Inflow(partition, from);
        inflow.end(end);
        return inflow;
    }

    private static int count(Consumer<byte[], byte[]> consumer, String topic) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic, JournalFold.STALL_MAX);
        if (infos == null || infos.isEmpty() || infos.size() > ShardConfiguration.SHARDS_MAX) {
            throw new AuditException("there is no ledger to read: topic " + topic + " must have 1 to "
                    + ShardConfiguration.SHARDS_MAX + " partitions");
        }
        return infos.size();
    }

    private static List<TopicPartition> partitions(String topic, int shards) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            partitions.add(new TopicPartition(topic, shard));
        }
        return partitions;
    }
}
