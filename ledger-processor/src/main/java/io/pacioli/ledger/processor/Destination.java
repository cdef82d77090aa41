package io.pacioli.ledger.processor;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/** Where a record goes, in place of its key: the processor knows the partition, and a sink only does as it is told. Immutable. */
final class Destination {
    /** Puts the key on the record. */
    static final Serializer<Destination> SERIALIZER = (topic, destination) -> destination.key;

    /** Puts the record on the partition. */
    static final StreamPartitioner<Destination, byte[]> PARTITIONER =
            (topic, destination, value, partitions) -> destination.partitions;

    private final String topic;
    private final Optional<Set<Integer>> partitions;
    private final byte @Nullable [] key;

    private Destination(String topic, Optional<Set<Integer>> partitions, byte @Nullable [] key) {
        this.topic = topic;
        this.partitions = partitions;
        this.key = key;
    }

    /** A partition of the sink's topic, with a key or without. */
    static Destination partition(int partition, byte @Nullable [] key) {
        return new Destination("", Optional.of(Set.of(partition)), key);
    }

    /** Whichever partition of the sink's topic the key leads to. */
    static Destination key(byte @Nullable [] key) {
        return new Destination("", Optional.empty(), key);
    }

    /** A topic of the processor's choice; a negative partition lets the key decide. */
    static Destination topic(String topic, int partition, byte @Nullable [] key) {
        return new Destination(topic, partition < 0 ? Optional.empty() : Optional.of(Set.of(partition)), key);
    }

    /** The topic, for sinks that serve more than one; else empty. */
    String topic() {
        return topic;
    }
}
