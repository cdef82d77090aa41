package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.CommandFailure;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An embedded stack that a signal may stop at any moment, also while it starts. Thread safe. */
public final class StackProcess implements AutoCloseable {
    private final StackSettings settings;
    private final boolean verbose;

    /** Held while the stack starts and while it stops. */
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable EmbeddedStack stack;
    private volatile boolean closed;

    /** @param verbose show the log on standard error */
    public StackProcess(StackSettings settings, boolean verbose) {
        this.settings = settings;
        this.verbose = verbose;
    }

    /** Starts the stack, see {@link EmbeddedStack#start}. */
    public EmbeddedStack start(Consumer<String> saying) {
        lock.lock();
        try {
            if (closed) {
                throw new CommandFailure("stopped before it was started");
            }
            EmbeddedStack started = EmbeddedStack.start(settings, verbose, () -> closed, saying);
            stack = started;
            return started;
        } finally {
            lock.unlock();
        }
    }

    /** Whether there is something to stop that was ready before. */
    boolean isRunning() {
        return stack != null && !closed;
    }

    /** Stops the stack; while it starts, as soon as it gives up starting. */
    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            EmbeddedStack running = stack;
            stack = null;
            if (running != null) {
                running.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
