package io.pacioli.ledger.audit;

/** What became of the inputs of one shard. Not thread safe. */
final class InputCounts {
    long decided;
    long repeated;
    long malformed;
    long misrouted;
    long ticks;
    long due;
    long messages;
    long ahead;
    long aheadSinceMillis = Long.MAX_VALUE;

    /** A command that is not decided yet. */
    void ahead(long atMillis) {
        ahead++;
        aheadSinceMillis = Math.min(aheadSinceMillis, atMillis);
    }

    void add(InputCounts other) {
        decided += other.decided;
        repeated += other.repeated;
        malformed += other.malformed;
        misrouted += other.misrouted;
        ticks += other.ticks;
        due += other.due;
        messages += other.messages;
        ahead += other.ahead;
        aheadSinceMillis = Math.min(aheadSinceMillis, other.aheadSinceMillis);
    }
}
