package io.pacioli.ledger.audit.notary;

import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.Service;
import io.pacioli.ledger.service.ServiceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs checkpoints of the journal. Several share the shards.
 *
 * <p>Reports the health component {@code notary}, down while a shard is refused: its journal contradicts what was signed of it, or is
 * damaged, which does not pass by itself.
 */
public final class NotaryService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(NotaryService.class);
    private static final String NAME = "notary";
    private static final Duration CLOSE_MAX = Duration.ofSeconds(6);

    private final NotarySettings settings;
    private final Health.Component health;
    private final NotaryMetrics metrics;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Notary notary;

    /**
     * Connects to nothing yet.
     *
     * @param health where the service adds its component
     * @param metrics where it adds its figures
     */
    public NotaryService(NotarySettings settings, Health health, Metrics metrics) {
        this.settings = settings;
        this.health = health.component(NAME);
        this.metrics = new NotaryMetrics(metrics.registry());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start() {
        if (!started.compareAndSet(false, true) || closed.get()) {
            throw new ServiceException(NAME + " is started once and not again");
        }
        LOG.info("Signing with key {}", settings.key().id());
        Notary made = new Notary(settings, new NotaryClients(settings), metrics, health, stopped);
        notary = made;
        Thread.ofPlatform().name(NAME).daemon().start(made);
    }

    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Notary running = notary;
        if (running != null) {
            running.stop();
            try {
                running.stopped().get(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("The notary did not stop within {} ms", CLOSE_MAX.toMillis(), e);
            }
        }
        stopped.complete(null);
    }
}
