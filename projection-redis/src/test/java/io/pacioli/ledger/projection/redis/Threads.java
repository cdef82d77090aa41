package io.pacioli.ledger.projection.redis;

/** Threads of tests. */
final class Threads {
    private Threads() {}

    /** Waits for the end of a thread that has been told to end. */
    static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + thread.getName(), e);
        }
    }
}
