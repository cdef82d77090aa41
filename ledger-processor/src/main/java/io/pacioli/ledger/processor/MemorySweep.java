package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.state.StateCodec;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.Memory;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.ShardHeader;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Deletes remembered commands, receipts and ended holds that no decision looks at any more, a few at a time.
 *
 * <p>An entry makes two of them at most, and the sweep reads twice as many for each entry that the shard has written since the last
 * time. Reading as fast as the shard writes would not do: half of what expires does so behind the reader, and the store would grow for
 * ever. Twice as fast, it holds no more than about twice what is remembered. The sweep rests while not even the oldest one can have
 * expired. What it deletes would not be found again anyway, see {@link Memory#lasts}, so when it runs does not matter to any decision.
 * Not thread safe.
 */
final class MemorySweep {
    private static final int READ_MAX = 40_000;
    private static final int READS_PER_ENTRY = 4;

    private final KeyValueStore<byte[], byte[]> store;
    private byte[] from = StateKeys.FORGOTTEN_FROM;
    private long sequenceSeen;
    private long firstUntilMillis = Long.MAX_VALUE;
    private long firstUntilSequence = Long.MAX_VALUE;
    private long restUntilMillis = -1;
    private long restUntilSequence = -1;

    MemorySweep(KeyValueStore<byte[], byte[]> store) {
        this.store = store;
    }

    /** Goes on where it stopped; does nothing while there is nothing to expect. */
    void run(ShardHeader header) {
        long credit = Math.min(READ_MAX, READS_PER_ENTRY * (header.sequence() - sequenceSeen));
        if (credit <= 0 || (header.atMillis() <= restUntilMillis && header.sequence() <= restUntilSequence)) {
            return;
        }
        sequenceSeen = header.sequence();
        List<byte[]> expired = new ArrayList<>();
        try (KeyValueIterator<byte[], byte[]> memories = store.range(from, StateKeys.FORGOTTEN_TO)) {
            for (long read = 0; read < credit && memories.hasNext(); read++) {
                KeyValue<byte[], byte[]> stored = memories.next();
                Memory memory = memory(stored.key, stored.value);
                if (memory.lasts(header.sequence(), header.atMillis())) {
                    firstUntilMillis = Math.min(firstUntilMillis, memory.untilMillis());
                    firstUntilSequence = Math.min(firstUntilSequence, memory.untilSequence());
                } else {
                    expired.add(stored.key);
                }
                from = StateKeys.after(stored.key);
            }
            if (!memories.hasNext()) {
                rest(header);
            }
        }
        expired.forEach(store::delete);
    }

    /** Until when a command, a receipt or a hold is remembered; for ever while a hold is active. */
    static Memory memory(byte[] key, byte[] value) {
        return switch (key[0]) {
            case StateKeys.COMMAND -> StateCodec.commandMemory(value);
            case StateKeys.RECEIPT -> StateCodec.receiptMemory(value);
            case StateKeys.HOLD -> StateCodec.holdMemory(value);
            default -> throw new InvariantViolation("must be of a kind that is forgotten: kind=" + (char) key[0]);
        };
    }

    /** Nothing that was seen on this round ends earlier; what has come since is seen on the next. */
    private void rest(ShardHeader header) {
        boolean isEmpty = firstUntilMillis == Long.MAX_VALUE;
        ShardConfiguration configuration = header.configured();
        restUntilMillis = isEmpty ? header.atMillis() + configuration.idempotencyWindowMillis() : firstUntilMillis;
        restUntilSequence = isEmpty ? header.sequence() + configuration.idempotencyEntriesMax() : firstUntilSequence;
        from = StateKeys.FORGOTTEN_FROM;
        firstUntilMillis = Long.MAX_VALUE;
        firstUntilSequence = Long.MAX_VALUE;
    }
}
