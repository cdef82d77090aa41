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
     * around them. With 0.6 some of the most was lost to commits. Inputs that take less, such as repeated commands, may keep a thread
     * busy and look like time left.
     */
    private static final double LIGHT_MAX = 0.4;

    private long committedNanos;
    private long sinceNanos;
    private long busyNanos;
    private boolean isBegun;

    BusyTime(long nowNanos) {
        committedNanos = nowNanos;
    }

    /** That of the thread which asks. */
    static BusyTime ofThisThread() {
        return OF_THREAD.get();
    }

    /** Changes of a shard are about to be committed, and those of all other shards with them. */
    void committed(long nowNanos) {
        committedNanos = nowNanos;
        busyNanos = 0;
        isBegun = false;
    }

    /** Adds an input that has been worked on. */
    void add(long startNanos, long endNanos) {
        begin(startNanos);
        busyNanos += endNanos - startNanos;
    }

    /** Whether there is time left in which a transaction more could be committed. Tells an idle thread from one that has just committed, so ask often. */
    boolean isLight(long nowNanos) {
        begin(nowNanos);
        return busyNanos <= LIGHT_MAX * (nowNanos - sinceNanos);
    }

    /** How long ago anything was committed, or the thread began. */
    long nanosSinceCommit(long nowNanos) {
        return nowNanos - committedNanos;
    }

    /** The first that happens after a commit, an input or a question, is where the time after it begins. */
    private void begin(long nowNanos) {
        if (!isBegun) {
            sinceNanos = nowNanos;
            isBegun = true;
        }
    }
}
