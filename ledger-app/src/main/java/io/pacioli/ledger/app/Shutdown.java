package io.pacioli.ledger.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What happens on Ctrl-C and SIGTERM: something is closed, in bounded time, and then the JVM is gone.
 *
 * <p>Thread safe.
 */
public final class Shutdown {
    private static final AtomicBoolean UNDERWAY = new AtomicBoolean();

    private final AutoCloseable closing;
    private final Duration max;
    private final Thread hook;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Shutdown(AutoCloseable closing, Duration max) {
        this.closing = closing;
        this.max = max;
        hook = Thread.ofPlatform().name("ledger-shutdown").unstarted(this::onSignal);
    }

    /** What runs until it is done or a signal comes. */
    @FunctionalInterface
    public interface Body<T> {
        /** Runs. */
        T run() throws InterruptedException;
    }

    /**
     * Runs something, and closes something else afterwards or when the JVM is told to end, whichever comes first, and once.
     *
     * @param closing what to close
     * @param max how long a JVM that was told to end waits for it before it ends all the same
     * @param body what to run; when it ends because of a signal, this method does not return
     */
    public static <T> T closing(AutoCloseable closing, Duration max, Body<T> body) throws InterruptedException {
        Shutdown shutdown = new Shutdown(closing, max);
        Runtime.getRuntime().addShutdownHook(shutdown.hook);
        try {
            return body.run();
        } finally {
            shutdown.close();
        }
    }

    /** Whether the JVM is ending. */
    public static boolean isUnderway() {
        return UNDERWAY.get();
    }

    /** Never returns when the JVM is ending: what fails then fails because of that, and is not worth a word. */
    static void standAsideIfUnderway() {
        if (!isUnderway()) {
            return;
        }
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void onSignal() {
        UNDERWAY.set(true);
        Thread watchdog = Thread.ofPlatform()
                .daemon()
                .name("ledger-shutdown-watchdog")
                .start(() -> {
                    try {
                        Thread.sleep(max);
                        // Child processes notice that this JVM is gone, and end by themselves.
                        Runtime.getRuntime().halt(1);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
        closeOnce();
        watchdog.interrupt();
    }

    private void closeOnce() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            closing.close();
        } catch (Exception e) {
            throw new CommandFailure("did not stop cleanly: " + e.getMessage(), e);
        }
    }

    private void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook runs already and does it.
            standAsideIfUnderway();
        }
        closeOnce();
    }
}
