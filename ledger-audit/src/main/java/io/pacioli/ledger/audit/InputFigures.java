package io.pacioli.ledger.audit;

/**
 * What became of all inputs.
 *
 * @param decided commands that have their entries
 * @param repeated commands that came again and got their first outcome
 * @param malformed records that are no commands
 * @param deadLetters how many of those were found among the dead letters
 * @param misrouted commands that were passed on to their own shard
 * @param ticks records that only say what time it is
 * @param due things that were decided because their time had come
 * @param messages messages between shards that were received
 * @param waiting commands that had not been decided when the audit looked where the journal ends
 * @param waitingSinceMillis when the first of those came; 0 when there is none
 * @param pending commands that were decided and wait: for their time, or for other shards
 */
public record InputFigures(
        long decided,
        long repeated,
        long malformed,
        long deadLetters,
        long misrouted,
        long ticks,
        long due,
        long messages,
        long waiting,
        long waitingSinceMillis,
        long pending) {}
