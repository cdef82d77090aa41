package io.pacioli.ledger.core;

/**
 * Until when a shard remembers something that is over. The end is set when it is over, so neither a later setting nor the moment at
 * which a store is swept can change what is remembered, and what is forgotten once is forgotten for good.
 *
 * @param untilMillis the last time at which it is remembered
 * @param untilSequence the last sequence of the shard at which it is remembered
 */
public record Memory(long untilMillis, long untilSequence) {
    /** Never forgotten. */
    public static final Memory FOR_EVER = new Memory(Long.MAX_VALUE, Long.MAX_VALUE);

    /** What the settings say for something that is over with that entry. */
    static Memory of(Entry entry, ShardConfiguration configuration) {
        return new Memory(
                saturatedSum(entry.atMillis(), configuration.idempotencyWindowMillis()),
                saturatedSum(entry.sequence(), configuration.idempotencyEntriesMax() - 1));
    }

    /** Whether it is remembered when the shard's last entry is that one and the time is that. */
    public boolean lasts(long lastSequence, long nowMillis) {
        return nowMillis <= untilMillis && lastSequence <= untilSequence;
    }

    private static long saturatedSum(long base, long more) {
        return more > Long.MAX_VALUE - base ? Long.MAX_VALUE : base + more;
    }
}
