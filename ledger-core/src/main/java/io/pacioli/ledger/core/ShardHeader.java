package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/**
 * How far a shard has got.
 *
 * @param shard its number
 * @param sequence of its last entry; 0 when it has none
 * @param atMillis when that was decided; 0 when there is none
 * @param configuration its settings; null before its first entry
 */
public record ShardHeader(
        int shard, long sequence, long atMillis, @Nullable ShardConfiguration configuration) {
    /** A shard without entries. */
    public static ShardHeader empty(int shard) {
        return new ShardHeader(shard, 0, 0, null);
    }

    /** @throws InvariantViolation before the shard's first entry, which must configure it */
    public ShardConfiguration configured() {
        ShardConfiguration known = configuration;
        if (known == null) {
            throw new InvariantViolation("must be configured before anything else is decided: shard=" + shard);
        }
        return known;
    }

    ShardHeader advance(Entry entry) {
        ShardConfiguration next = entry.event() instanceof Event.ShardConfigured e ? e.configuration() : configured();
        return new ShardHeader(shard, entry.sequence(), entry.atMillis(), next);
    }
}
