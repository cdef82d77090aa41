package io.pacioli.ledger.processor;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

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

    /** The same store, which counts how often a method of it is called. */
    @SuppressWarnings("unchecked")
    static KeyValueStore<byte[], byte[]> counting(
            KeyValueStore<byte[], byte[]> store, String name, AtomicInteger calls) {
        return (KeyValueStore<byte[], byte[]>) Proxy.newProxyInstance(
                MemoryStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals(name)) {
                        calls.incrementAndGet();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Writes changes as a shard does when it is flushed. */
    @SuppressWarnings("NullAway") // Kafka's stores delete what has no value, and say nothing about it.
    static void write(KeyValueStore<byte[], byte[]> store, List<KeyValue<byte[], byte @Nullable []>> changes) {
        store.putAll(changes);
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
