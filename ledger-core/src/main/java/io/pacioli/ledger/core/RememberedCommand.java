package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/**
 * What a shard remembers of a decided command, to answer a repeated one.
 *
 * @param id the command's id
 * @param fingerprint of its content
 * @param sequence of the last entry that it led to
 * @param atMillis when it was decided
 * @param type the type of that entry's event
 * @param rejected why it was rejected; null when it was accepted
 */
public record RememberedCommand(
        String id,
        Fingerprint fingerprint,
        long sequence,
        long atMillis,
        String type,
        @Nullable Rejected rejected) {
    /** The outcome, as it was given first. */
    public Outcome outcome(int shard) {
        Position position = new Position(shard, sequence);
        return rejected == null
                ? new Outcome.Accepted(id, position, atMillis, type)
                : new Outcome.Refused(id, position, atMillis, rejected);
    }

    /**
     * Whether the shard still knows the command when it decides the next input. Depends on journaled data only, so that it does
     * not matter when the store is swept.
     */
    public boolean isRemembered(ShardHeader header, long nowMillis) {
        ShardConfiguration configuration = header.configured();
        return nowMillis - atMillis <= configuration.idempotencyWindowMillis()
                && header.sequence() - sequence < configuration.idempotencyEntriesMax();
    }
}
