package io.pacioli.ledger.bench;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;

/**
 * What topics take on the disks of the brokers, as they are stored: compressed, with all replicas.
 *
 * @param bytes for each topic by its name
 */
record TopicBytes(Map<String, Long> bytes) {
    TopicBytes {
        bytes = Map.copyOf(bytes);
    }

    /**
     * As it is now.
     *
     * @throws IllegalStateException when the brokers do not tell
     */
    static TopicBytes now(Admin admin) {
        try {
            Map<String, Long> bytes = new TreeMap<>();
            admin
                    .describeLogDirs(admin.describeCluster().nodes().get().stream()
                            .map(Node::id)
                            .toList())
                    .allDescriptions()
                    .get()
                    .values()
                    .stream()
                    .flatMap(directories -> directories.values().stream())
                    .map(LogDirDescription::replicaInfos)
                    .forEach(replicas -> replicas.forEach(
                            (partition, replica) -> bytes.merge(partition.topic(), replica.size(), Long::sum)));
            return new TopicBytes(bytes);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the brokers do not tell what topics take", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while brokers were to tell what topics take", e);
        }
    }

    /** What each topic takes more than earlier, for each of so many things, the largest first; what is less than a byte is left out. */
    String eachSince(TopicBytes earlier, long things) {
        return bytes.entrySet().stream()
                .map(topic -> Map.entry(
                        topic.getKey(), (topic.getValue() - earlier.bytes.getOrDefault(topic.getKey(), 0L)) / things))
                .filter(topic -> topic.getValue() > 0)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(topic -> String.format(Locale.ROOT, "%s %,d", topic.getKey(), topic.getValue()))
                .collect(Collectors.joining(", "));
    }
}
