package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Topics;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.UsePartitionTimeOnInvalidTimestamp;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;

/** How records flow: commands and messages between shards in, one processor, and everything it has to say out. */
final class LedgerTopology {
    static final String STATE = "ledger-state";
    static final String JOURNAL = "journal";
    static final String TRANSIT = "transit";
    static final String FORWARDED = "forwarded";
    static final String DEAD_LETTERS = "dead-letters";
    static final String REPLIES = "replies";

    private static final String PROCESSOR = "ledger";
    private static final String COMMANDS_IN = "commands-in";
    private static final String TRANSIT_IN = "transit-in";

    private LedgerTopology() {}

    static Topology of(
            Topics topics,
            Map<String, String> changelogConfig,
            ProcessorSupplier<byte[], byte[], Destination, byte[]> processor) {
        Topology topology = new Topology();
        source(topology, COMMANDS_IN, topics.commands());
        source(topology, TRANSIT_IN, topics.transit());
        topology.addProcessor(PROCESSOR, processor, COMMANDS_IN, TRANSIT_IN);
        topology.addStateStore(ShardStateStore.builder(STATE, changelogConfig), PROCESSOR);
        sink(topology, JOURNAL, topics.journal());
        sink(topology, TRANSIT, topics.transit());
        sink(topology, FORWARDED, topics.commands());
        sink(topology, DEAD_LETTERS, topics.deadLetters());
        topology.addSink(
                REPLIES,
                (Destination destination, byte[] value, org.apache.kafka.streams.processor.RecordContext context) ->
                        destination.topic(),
                Destination.SERIALIZER,
                new ByteArraySerializer(),
                Destination.PARTITIONER,
                PROCESSOR);
        return topology;
    }

    private static void source(Topology topology, String name, String topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                new UsePartitionTimeOnInvalidTimestamp(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic);
    }

    private static void sink(Topology topology, String name, String topic) {
        topology.addSink(
                name, topic, Destination.SERIALIZER, new ByteArraySerializer(), Destination.PARTITIONER, PROCESSOR);
    }
}
