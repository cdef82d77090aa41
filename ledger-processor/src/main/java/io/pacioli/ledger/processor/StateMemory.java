package io.pacioli.ledger.processor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * Bounds what RocksDB takes outside the heap, for all shards of a process together. By itself, each store of Kafka Streams has a cache and
 * write buffers of its own, and keeps the indexes and filters of all its files besides, which grow with what is stored. Here all of that
 * comes out of one cache. What does not fit is read from files, which the operating system caches as it can.
 *
 * <p>Kafka Streams makes one for each store, and all of a process share the memory.
 *
 * @see <a href="https://github.com/facebook/rocksdb/wiki/Memory-usage-in-RocksDB">Memory usage in RocksDB</a>
 */
public final class StateMemory implements RocksDBConfigSetter {
    /** The setting that holds how many bytes there are. */
    static final String BYTES = "ledger.state.memory.bytes";

    /** Of the cache, for indexes and filters: what is asked for with each read should not give way to a block that is read once. */
    private static final double HIGH_PRIORITY_PART = 0.5;

    /** Of the memory, for what has not been written to files yet. */
    private static final int WRITE_BUFFERS_PART = 2;

    /**
     * What a write buffer takes at a time. By RocksDB's default it is 1 MiB, so that the buffers of a hundred shards would be full as soon
     * as there is anything in them.
     */
    private static final long ARENA_BLOCK_BYTES = 64 << 10;

    /**
     * How many files there are before they are merged. RocksDB's 4 make a store of millions of accounts spend more on merging than filters
     * take to pass over some files more; below its own limit of 20, from which on it slows writing down.
     */
    private static final int FILES_BEFORE_MERGE = 10;

    /** How many parts of the cache have a lock of their own, as a power of two: RocksDB chooses. */
    private static final int SHARD_BITS = -1;

    /** Lasts as long as the process, as no store knows which is the last. */
    private static final Map<Long, Shared> SHARED = new ConcurrentHashMap<>();

    private record Shared(Cache cache, WriteBufferManager writeBuffers) {
        static Shared of(long bytes) {
            RocksDB.loadLibrary();
            Cache cache = new LRUCache(bytes, SHARD_BITS, false, HIGH_PRIORITY_PART);
            return new Shared(cache, new WriteBufferManager(bytes / WRITE_BUFFERS_PART, cache));
        }
    }

    /** For Kafka Streams, which makes it by name. */
    public StateMemory() {}

    /** Bytes that all processors of this Java virtual machine have in use, of those that they may. */
    static long usedBytes() {
        return SHARED.values().stream()
                .mapToLong(shared -> shared.cache.getUsage())
                .sum();
    }

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        if (!(configs.get(BYTES) instanceof Long bytes)) {
            throw new IllegalArgumentException("must be a number of bytes: " + BYTES + "=" + configs.get(BYTES));
        }
        Shared shared = SHARED.computeIfAbsent(bytes, Shared::of);
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(shared.cache);
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinL0FilterAndIndexBlocksInCache(true);
        options.setTableFormatConfig(table);
        options.setLevel0FileNumCompactionTrigger(FILES_BEFORE_MERGE);
        options.setArenaBlockSize(ARENA_BLOCK_BYTES);
        options.setWriteBufferManager(shared.writeBuffers);
    }

    @Override
    public void close(String storeName, Options options) {
        // The memory is that of all stores.
    }
}
