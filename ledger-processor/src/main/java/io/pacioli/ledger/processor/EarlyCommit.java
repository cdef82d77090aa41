package io.pacioli.ledger.processor;

import java.time.Duration;

/**
 * When a shard asks for a commit before Kafka Streams makes one by itself: when there is little to do, so that outcomes come soon; under
 * load fewer and larger transactions carry more. All shards of a thread commit together, so one that asks has asked for the others too.
 * For one thread.
 */
final class EarlyCommit {
    /** Inputs of one shard between two looks up to which an early commit costs nothing that anybody waits for. */
    static final int LIGHT_LOAD_MAX = 50;

    private final long dueNanos;
    private int inputs;
    private boolean waiting;

    /** @param interval the time between two looks */
    EarlyCommit(Duration interval) {
        dueNanos = interval.toNanos() * 3 / 4;
    }

    void add(int more) {
        inputs += more;
    }

    /**
     * Looks, once in each interval, whether to ask; what came too soon after a commit for one of its own waits for the next look. Whether a
     * commit was made since for another reason is not known, so that one of nothing may be asked for then.
     */
    boolean isDue(long nanosSinceCommit) {
        boolean isLight = inputs <= LIGHT_LOAD_MAX;
        waiting = isLight && (waiting || inputs > 0);
        inputs = 0;
        boolean isDue = waiting && nanosSinceCommit >= dueNanos;
        if (isDue) {
            waiting = false;
        }
        return isDue;
    }
}
