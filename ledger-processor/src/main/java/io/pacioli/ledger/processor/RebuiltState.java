package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Router;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;

/**
 * The state of a shard as processors keep it in their changelog topic, made from its journal alone: with it in that topic, a processor goes
 * on behind the journal's last entry. What is not in the journal is not in it: where the outcomes of transactions under way are wanted.
 *
 * <p>On the heap, bounded by the accounts and by what the shard remembers. Not thread safe.
 */
public final class RebuiltState {
    /** Entries between two looks for what can be forgotten. */
    private static final int SWEEP_EVERY = 1_024;

    /** The store is on the heap itself: only decoding is saved. */
    private static final AccountCache CACHE = new AccountCache(10_000, 0);

    private final HeapStore store = new HeapStore();
    private final StoredShard shard;
    private final MemorySweep sweep;
    private final Ledger ledger;

    /** A shard without entries. */
    public RebuiltState(int shard, Router router) {
        this.shard = new StoredShard(shard, store, CACHE);
        sweep = new MemorySweep(store);
        ledger = new Ledger(router);
    }

    /** The topic that processors of that application id restore their state from. */
    public static String topic(String applicationId) {
        return applicationId + '-' + LedgerTopology.STATE + "-changelog";
    }

    /** The settings of that topic. */
    public static Map<String, String> topicSettings() {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    /**
     * Applies the next record of the journal.
     *
     * @throws InvariantViolation when it is not the next one, or breaks a rule of the books
     */
    public void apply(JournalRecord record) {
        if (!record.previous().equals(shard.chainHead())) {
            throw new InvariantViolation(
                    "the hash chain must not break: entry=" + record.entry().id());
        }
        shard.chainHead(record.hash());
        ledger.evolve(shard, record.entry());
        if (record.entry().sequence() % SWEEP_EVERY == 0) {
            shard.flush();
            sweep.run(shard.header());
        }
    }

    /** The sequence of the last entry that was applied. */
    public long sequence() {
        return shard.header().sequence();
    }

    /** The hash of that entry. */
    public Hash last() {
        return shard.chainHead();
    }

    /**
     * Hands over all keys and values of the state.
     *
     * @param commandsNext the offset of the first command that is to be decided next
     * @param commandsMillis the latest time of the commands before it
     */
    public void forEach(long commandsNext, long commandsMillis, BiConsumer<byte[], byte[]> visitor) {
        if (sequence() == 0) {
            return;
        }
        shard.progress(new Progress(commandsNext, commandsMillis));
        shard.flush();
        try (KeyValueIterator<byte[], byte[]> all = store.all()) {
            while (all.hasNext()) {
                KeyValue<byte[], byte[]> entry = all.next();
                visitor.accept(entry.key, entry.value);
            }
        }
    }
}
