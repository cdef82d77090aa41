package io.pacioli.ledger.service;

import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services that run in one process: started in order, closed in reverse order, and stopped as a whole when one of them fails.
 *
 * <p>Thread safe; {@link #close()} may come from a shutdown hook while {@link #start()} still runs, and wins.
 */
public final class ServiceGroup implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceGroup.class);

    private final String name;
    private final List<Service> services;
    private final Duration closeMax;
    private final Deque<Service> started = new ConcurrentLinkedDeque<>();
    private final ReentrantLock closing = new ReentrantLock();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile boolean closed;

    /**
     * @param name for logs
     * @param services in the order in which they start
     * @param closeMax how long each may take to close before it is left behind
     */
    public ServiceGroup(String name, List<Service> services, Duration closeMax) {
        this.name = name;
        this.services = List.copyOf(services);
        this.closeMax = closeMax;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<HttpModule> modules() {
        return services.stream().flatMap(service -> service.modules().stream()).toList();
    }

    /**
     * Starts all services, or none: when one cannot start, those before it are closed again.
     *
     * @throws ServiceException when one of them cannot start, or the group has been closed
     */
    @Override
    public void start() {
        for (Service service : services) {
            try {
                start(service);
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }
    }

    private void start(Service service) {
        // Noted before it starts, because one that fails to start may hold resources already.
        started.push(service);
        refuseWhenClosed();
        LOG.info("Starting {}", service.name());
        service.start();
        if (closed) {
            service.close();
        }
        refuseWhenClosed();
        service.stopped().exceptionally(failure -> {
            stopped.completeExceptionally(
                    failure instanceof ServiceException
                            ? failure
                            : new ServiceException(service.name() + " stopped: " + failure, failure));
            return null;
        });
    }

    private void refuseWhenClosed() {
        if (closed) {
            throw new ServiceException(name + " was closed while it started");
        }
    }

    /** Completes when the group has been closed, or exceptionally as soon as one service can no longer go on; the others still run then. */
    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** Closes the services in reverse order; one that takes longer than its bound is left behind with a warning. */
    @Override
    public void close() {
        closed = true;
        closing.lock();
        try {
            for (Service next = started.poll(); next != null; next = started.poll()) {
                close(next);
            }
        } finally {
            closing.unlock();
        }
        stopped.complete(null);
    }

    private void close(Service service) {
        LOG.info("Stopping {}", service.name());
        Thread thread = Thread.ofVirtual().name("close-" + service.name()).start(() -> {
            try {
                service.close();
            } catch (RuntimeException e) {
                LOG.warn("{} did not stop cleanly", service.name(), e);
            }
        });
        try {
            if (!thread.join(closeMax)) {
                LOG.warn("{} did not stop within {}; going on without it", service.name(), Durations.format(closeMax));
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
