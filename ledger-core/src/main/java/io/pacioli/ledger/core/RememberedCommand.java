package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/**
 * What a shard remembers of a decided command, to answer a repeated one.
 *
 * @param id the command's id
 * @param fingerprint of its content
 * @param sequence of the last entry that it led to
 * @param atMillis when it was decided
 * @param untilMillis the last time at which it is remembered
 * @param untilSequence the last sequence of the shard at which it is remembered
 * @param type the type of that entry's event
 * @param rejected why it was rejected; null when it was accepted
 */
public record RememberedCommand(
        String id,
        Fingerprint fingerprint,
        long sequence,
        long atMillis,
        long untilMillis,
        long untilSequence,
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
     * Whether the shard still knows the command when its last entry is that one and the time is that. The end was set when the
     * command was decided, so neither a later setting nor the moment at which a store is swept can change the answer, and what is
     * forgotten once is forgotten for good.
     */
    public boolean isRemembered(long lastSequence, long nowMillis) {
        return nowMillis <= untilMillis && lastSequence <= untilSequence;
    }
}
