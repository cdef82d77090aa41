package io.pacioli.ledger.audit;

/**
 * Where a replay goes on in the partitions of a shard.
 *
 * @param journal the offset of the next record of the journal
 * @param commands of the next command
 * @param transit of the next message
 */
record ShardOffsets(long journal, long commands, long transit) {
    /** From the beginning. */
    static final ShardOffsets NONE = new ShardOffsets(0, 0, 0);
}
