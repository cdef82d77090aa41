package io.pacioli.ledger.service;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A part of the ledger that runs until it is told to stop, alone in its process or beside others.
 *
 * <p>A service is started once and closed once; it is not restarted. It installs no shutdown hooks and never exits the JVM: both
 * belong to whoever runs it.
 */
public interface Service extends AutoCloseable {
    /** The name for logs, such as {@code processor}. */
    String name();

    /** The routes that the service serves over HTTP; available before {@link #start()}. */
    default List<HttpModule> modules() {
        return List.of();
    }

    /**
     * Starts and returns as soon as the service runs; that it is ready is told by its {@link Health}.
     *
     * @throws ServiceException when it cannot start; it is then closed
     */
    void start();

    /** Completes when the service has been closed, or exceptionally when it can no longer go on. */
    CompletableFuture<Void> stopped();

    /**
     * Waits until the service has stopped.
     *
     * @throws ServiceException when it stopped because it could not go on
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    default void awaitStop() throws InterruptedException {
        try {
            stopped().get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof ServiceException told
                    ? told
                    : new ServiceException(name() + " stopped: " + cause, cause);
        } catch (CancellationException e) {
            throw new ServiceException(name() + " stopped: cancelled", e);
        }
    }

    /** Stops in bounded time, whatever state the service is in; may be called more than once and from any thread. */
    @Override
    void close();
}
