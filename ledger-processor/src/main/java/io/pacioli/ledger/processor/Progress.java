package io.pacioli.ledger.processor;

import io.pacioli.ledger.core.Invariant;

/**
 * How far a shard has read its commands, kept with the state that they led to.
 *
 * <p>Kafka keeps the offsets of a group too, but forgets them when the group was away for a week, or when somebody deletes it. The
 * commands would then be read again from the first one on, long after their ids were forgotten.
 *
 * @param nextOffset the offset after the last record that had its effect
 * @param atMillis the latest time of these records
 */
record Progress(long nextOffset, long atMillis) {
    /** Nothing was read yet. */
    static final Progress NONE = new Progress(0, 0);

    /**
     * Whether a record had its effect before.
     *
     * @throws io.pacioli.ledger.core.InvariantViolation when it stands where another record was read, because the topic was replaced
     */
    boolean includes(long offset, long recordMillis) {
        boolean isIncluded = offset < nextOffset;
        Invariant.check(
                !isIncluded || recordMillis <= atMillis,
                "the commands must be in the topic that they were read from so far: offset=",
                offset,
                " next=",
                nextOffset);
        return isIncluded;
    }

    /** This with one more record. */
    Progress advance(long offset, long recordMillis) {
        return new Progress(offset + 1, Math.max(atMillis, recordMillis));
    }
}
