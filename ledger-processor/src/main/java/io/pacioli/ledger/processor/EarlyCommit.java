package io.pacioli.ledger.processor;

import java.time.Duration;

/**
 * When a thread commits before Kafka Streams would by itself: when there is little to do, so that outcomes come soon; under load fewer and
 * larger transactions carry more. All shards of a thread commit together, so what comes to all of them counts, and one look
 * in each interval is for all of them. For one thread.
 */
final class EarlyCommit {
    /** Inputs of all shards between two looks up to which an early commit costs nothing that anybody waits for. */
    static final int LIGHT_LOAD_MAX = 300;

    private final Duration interval;
    private final long dueNanos;
    private long lookedNanos;
    private int inputs;
    private boolean waiting;

    /** @param interval the time between two looks */
    EarlyCommit(Duration interval) {
        this.interval = interval;
        dueNanos = interval.toNanos() * 3 / 4;
        lookedNanos = System.nanoTime() - interval.toNanos();
    }

    Duration interval() {
        return interval;
    }

    /** Counts what has come to a shard. */
    void add(int more) {
        inputs += more;
    }

    /**
     * Whether to ask for a commit now. How much comes is looked at once in each interval, whichever shards call this; what came too soon
     * after a commit for one of its own waits until it is time.
     *
     * @param nowNanos by {@link System#nanoTime()}
     * @param nanosSinceCommit how long ago the thread committed
     */
    boolean isDue(long nowNanos, long nanosSinceCommit) {
        if (nowNanos - lookedNanos >= dueNanos) {
            lookedNanos = nowNanos;
            boolean isLight = inputs <= LIGHT_LOAD_MAX;
            waiting = isLight && (waiting || inputs > 0);
            inputs = 0;
        }
        boolean isDue = waiting && nanosSinceCommit >= dueNanos;
        if (isDue) {
            waiting = false;
        }
        return isDue;
    }
}
