package io.pacioli.ledger.processor;

import java.io.File;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** A store of Kafka Streams on the heap, as a shard's state. */
final class MemoryStore {
    private MemoryStore() {}

    static KeyValueStore<byte[], byte[]> open() {
        KeyValueStore<byte[], byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(LedgerTopology.STATE), Serdes.ByteArray(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        MockProcessorContext<Void, Void> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), new File("nowhere"));
        store.init(context.getStateStoreContext(), store);
        return store;
    }

    static long size(KeyValueStore<byte[], byte[]> store) {
        long size = 0;
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            while (all.hasNext()) {
                all.next();
                size++;
            }
        }
        return size;
    }
}
