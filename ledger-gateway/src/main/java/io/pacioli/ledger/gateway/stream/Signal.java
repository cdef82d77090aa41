package io.pacioli.ledger.gateway.stream;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Wakes the one thread that waits for it, the one that made it. Raising it again before it was heard costs next to nothing, which
 * matters when one entry concerns thousands of streams. Any thread may raise it.
 */
final class Signal {
    private final Thread listener = Thread.currentThread();
    private final AtomicBoolean raised = new AtomicBoolean();

    void raise() {
        if (!raised.getAndSet(true)) {
            LockSupport.unpark(listener);
        }
    }

    /** Interrupts the thread, whatever it does. */
    void interrupt() {
        listener.interrupt();
    }

    /**
     * Waits until it is raised, or has been since the last time.
     *
     * @param nanos for how long at most
     * @throws InterruptedException when the thread is interrupted
     */
    void await(long nanos) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + nanos;
        for (long left = nanos; !raised.getAndSet(false) && left > 0; left = deadlineNanos - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }
}
