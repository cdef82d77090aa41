package io.pacioli.ledger.processor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** One kind of records of a store by their ids, with what has changed since the last flush in memory. Not thread safe. */
final class Table<V> {
    private final KeyValueStore<byte[], byte[]> store;
    private final Function<String, byte[]> key;
    private final Function<V, byte[]> encode;
    private final BiFunction<String, byte[], V> decode;
    private final Map<String, Optional<V>> changed = new HashMap<>();

    Table(
            KeyValueStore<byte[], byte[]> store,
            Function<String, byte[]> key,
            Function<V, byte[]> encode,
            BiFunction<String, byte[], V> decode) {
        this.store = store;
        this.key = key;
        this.encode = encode;
        this.decode = decode;
    }

    @Nullable
    V get(String id) {
        Optional<V> known = changed.get(id);
        if (known != null) {
            return known.orElse(null);
        }
        byte @Nullable [] stored = store.get(key.apply(id));
        return stored == null ? null : decode.apply(id, stored);
    }

    void put(String id, V value) {
        changed.put(id, Optional.of(value));
    }

    /** Takes a record away; one that came since the last flush and was never written leaves no trace. */
    void remove(String id) {
        if (changed.remove(id) == null || store.get(key.apply(id)) != null) {
            changed.put(id, Optional.empty());
        }
    }

    /** Adds what has changed to what is to be written, each record once, and takes it for written. */
    void flush(List<KeyValue<byte[], byte @Nullable []>> changes) {
        changed.forEach((id, value) ->
                changes.add(KeyValue.pair(key.apply(id), value.map(encode).orElse(null))));
        changed.clear();
    }
}
