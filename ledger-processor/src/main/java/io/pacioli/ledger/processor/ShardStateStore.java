package io.pacioli.ledger.processor;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
 * <p>The tasks of a thread commit in one transaction, and Kafka Streams prepares them one after the other: it has one write its changes,
 * and waits until the brokers have all that the thread has sent, before it comes to the next. So that it waits once and not once for each
 * task, the first one has all of them write their changes; the others have nothing left to send. That is sound as
 * all of them commit together or not at all, and nothing is processed meanwhile.
 *
 * <p>{@link CachedStateStore} is not a public interface of Kafka Streams, but the only way to be told before a transaction commits
 * rather than after it. A test holds the order: state that was committed is in the changelog of the same transaction.
 */
final class ShardStateStore implements StateStore, CachedStateStore<byte[], byte[]> {
    private final KeyValueStore<byte[], byte[]> store;
    private final ThreadLocal<Set<StoredShard>> openShards;
    private Set<StoredShard> committedTogether = Set.of();
    private @Nullable StoredShard shard;

    /** @param openShards of the thread */
    private ShardStateStore(KeyValueStore<byte[], byte[]> store, ThreadLocal<Set<StoredShard>> openShards) {
        this.store = store;
        this.openShards = openShards;
    }

    /** Builds stores of that name, kept in RocksDB and in a changelog topic with those settings. */
    static StoreBuilder<ShardStateStore> builder(String name, Map<String, String> changelogConfig) {
        StoreBuilder<KeyValueStore<byte[], byte[]>> inner = Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingEnabled(changelogConfig);
        return new Builder(inner, ThreadLocal.withInitial(ConcurrentHashMap::newKeySet));
    }

    /**
     * The shard as the restored store has it. To be called once the task runs, as its state is restored by then, and by the thread that
     * runs it. Whichever thread closes the store later takes it out again.
     */
    StoredShard open(int number, AccountCache accountCache) {
        forget();
        StoredShard opened = new StoredShard(number, store, accountCache);
        shard = opened;
        committedTogether = openShards.get();
        committedTogether.add(opened);
        return opened;
    }

    private void forget() {
        if (shard != null) {
            committedTogether.remove(shard);
            committedTogether = Set.of();
            shard = null;
        }
    }

    /** What is stored, without what the shard has changed since the last commit. */
    KeyValueStore<byte[], byte[]> stored() {
        return store;
    }

    @Override
    public void flushCache() {
        committedTogether.forEach(StoredShard::flush);
    }

    @Override
    public void clearCache() {
        forget();
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
        forget();
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
    private record Builder(StoreBuilder<KeyValueStore<byte[], byte[]>> inner, ThreadLocal<Set<StoredShard>> openShards)
            implements StoreBuilder<ShardStateStore> {
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
            return new Builder(inner.withLoggingEnabled(config), openShards);
        }

        @Override
        public StoreBuilder<ShardStateStore> withLoggingDisabled() {
            return new Builder(inner.withLoggingDisabled(), openShards);
        }

        @Override
        public ShardStateStore build() {
            return new ShardStateStore(inner.build(), openShards);
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
