package io.pacioli.ledger.processor;

/**
 * How much of its time a thread of the processor has spent on inputs since its shards committed, which they do together. What the commit
 * itself took does not count. One for each thread; not thread safe.
 */
final class BusyTime {
    private static final ThreadLocal<BusyTime> OF_THREAD =
            ThreadLocal.withInitial(() -> new BusyTime(System.nanoTime()));

    /**
     * A thread that always has inputs spends two thirds of its time on them, by a profile of transfers; the rest is what Kafka Streams does
     * around them.
     */
    private static final double LIGHT_MAX = 0.6;

    private long sinceNanos;
    private long busyNanos;

    BusyTime(long nowNanos) {
        sinceNanos = nowNanos;
    }

    /** That of the thread which asks. */
    static BusyTime ofThisThread() {
        return OF_THREAD.get();
    }

    /**
     * Adds an input that has been worked on.
     *
     * @param committedNanos when its shard committed a change last, or came to this thread
     */
    void add(long startNanos, long endNanos, long committedNanos) {
        begin(startNanos, committedNanos);
        busyNanos += endNanos - startNanos;
    }

    /** Whether there is time left in which a transaction more could be committed. */
    boolean isLight(long nowNanos, long committedNanos) {
        begin(nowNanos, committedNanos);
        return busyNanos <= LIGHT_MAX * (nowNanos - sinceNanos);
    }

    /** The first that happens after a commit, an input or a question, is where the time after it begins. */
    private void begin(long nowNanos, long committedNanos) {
        if (committedNanos - sinceNanos > 0) {
            sinceNanos = nowNanos;
            busyNanos = 0;
        }
    }
}
