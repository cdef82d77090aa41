package io.pacioli.ledger.processor;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The state store of a task: Kafka Streams' own, with changelog, and in front of it a {@link StoredShard} whose changes are written
 * when the task commits.
 *
 * <p>{@link CachedStateStore} is not a public interface of Kafka Streams, but the only way to be told before a transaction commits
 * rather than after it. A test holds the order: state that was committed is in the changelog of the same transaction.
 */
final class ShardStateStore implements StateStore, CachedStateStore<byte[], byte[]> {
    private final KeyValueStore<byte[], byte[]> store;
    private @Nullable StoredShard shard;

    private ShardStateStore(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /** Builds stores of that name, kept in RocksDB and in a changelog topic with those settings. */
    static StoreBuilder<ShardStateStore> builder(String name, Map<String, String> changelogConfig) {
        StoreBuilder<KeyValueStore<byte[], byte[]>> inner = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(changelogConfig);
        return new Builder(inner);
    }

    /** The shard as the restored store has it. To be called once the task runs, as its state is restored by then. */
    StoredShard open(int number, int cachedAccountsMax) {
        StoredShard opened = new StoredShard(number, store, cachedAccountsMax);
        shard = opened;
        return opened;
    }

    /** What is stored, without what the shard has changed since the last commit. */
    KeyValueStore<byte[], byte[]> stored() {
        return store;
    }

    @Override
    public void flushCache() {
        if (shard != null) {
            shard.flush();
        }
    }

    @Override
    public void clearCache() {
        shard = null;
    }

    @Override
    public boolean setFlushListener(CacheFlushListener<byte[], byte[]> listener, boolean sendOldValues) {
        return false;
    }

    @Override
    public String name() {
        return store.name();
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        // Kafka Streams registers this one, not the inner, and so finds the cache to flush.
        store.init(context, root);
    }

    @Override
    public void commit(Map<TopicPartition, Long> changelogOffsets) {
        store.commit(changelogOffsets);
    }

    @Override
    public @Nullable Long committedOffset(TopicPartition partition) {
        return store.committedOffset(partition);
    }

    @Override
    @SuppressWarnings("deprecation") // Kafka Streams asks it of every store all the same.
    public boolean managesOffsets() {
        return store.managesOffsets();
    }

    @Override
    public void close() {
        shard = null;
        store.close();
    }

    @Override
    public Position getPosition() {
        return store.getPosition();
    }

    @Override
    public boolean persistent() {
        return store.persistent();
    }

    @Override
    public boolean isOpen() {
        return store.isOpen();
    }

    /** Builds the inner store and puts this one around it. */
    private record Builder(StoreBuilder<KeyValueStore<byte[], byte[]>> inner) implements StoreBuilder<ShardStateStore> {
        @Override
        public StoreBuilder<ShardStateStore> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<ShardStateStore> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<ShardStateStore> withLoggingEnabled(Map<String, String> config) {
            return new Builder(inner.withLoggingEnabled(config));
        }

        @Override
        public StoreBuilder<ShardStateStore> withLoggingDisabled() {
            return new Builder(inner.withLoggingDisabled());
        }

        @Override
        public ShardStateStore build() {
            return new ShardStateStore(inner.build());
        }

        @Override
        public Map<String, String> logConfig() {
            return inner.logConfig();
        }

        @Override
        public boolean loggingEnabled() {
            return inner.loggingEnabled();
        }

        @Override
        public String name() {
            return inner.name();
        }
    }
}
