package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/**
 * What a shard remembers of a decided command, to answer a repeated one.
 *
 * @param id the command's id
 * @param fingerprint of its content
 * @param sequence of the last entry that it led to
 * @param atMillis when it was decided
 * @param memory until when it is remembered
 * @param type the type of that entry's event
 * @param isPending whether its outcome is still to come
 * @param rejected why it was rejected; null when it was not
 */
public record RememberedCommand(
        String id,
        Fingerprint fingerprint,
        long sequence,
        long atMillis,
        Memory memory,
        String type,
        boolean isPending,
        @Nullable Rejected rejected) {
    /** The outcome, as it was given first. */
    public Outcome outcome(int shard) {
        Position position = new Position(shard, sequence);
        if (rejected != null) {
            return new Outcome.Refused(id, position, atMillis, rejected);
        }
        return isPending
                ? new Outcome.Pending(id, position, atMillis, type)
                : new Outcome.Accepted(id, position, atMillis, type);
    }

    /** Whether the shard still knows the command when its last entry is that one and the time is that. */
    public boolean isRemembered(long lastSequence, long nowMillis) {
        return memory.lasts(lastSequence, nowMillis);
    }
}
