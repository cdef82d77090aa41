package io.pacioli.ledger.audit;

/**
 * The first place of a shard's journal where the books are damaged. What follows it there cannot be trusted and is not read.
 *
 * @param shard the shard
 * @param sequence the sequence that an intact journal would have there
 * @param offset the offset of the record in the shard's partition
 * @param message what must hold, with the values that broke it
 */
public record JournalFault(int shard, long sequence, long offset, String message) {
    /** One line: the place and what is wrong there. */
    @Override
    public String toString() {
        return "position " + shard + ":" + sequence + " (offset " + offset + "): " + message;
    }
}
