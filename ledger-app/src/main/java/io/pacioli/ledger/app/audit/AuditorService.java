package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.Finding;
import io.pacioli.ledger.audit.ShardFigures;
import io.pacioli.ledger.service.Durations;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.Service;
import io.pacioli.ledger.service.ServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits again and again: what is new since the last audit that passed, and now and then everything. Whatever it finds, it goes on.
 *
 * <p>After a finding the verdict is bad until an audit of everything is clean, and one that goes on from the last good one as well: that one
 * remembers what the topics may not tell any more, such as checkpoints that were removed.
 *
 * <p>Reports the health component {@code auditor}: up once an audit could be made, whatever it has found; down while none can.
 */
public final class AuditorService implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(AuditorService.class);
    private static final String NAME = "auditor";
    private static final int FINDINGS_LOGGED_MAX = 20;
    private static final Duration LAG_EVERY = Duration.ofSeconds(10);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(6);

    private final Audits audits;
    private final Pace pace;
    private final Taint taint;
    private final Health.Component health;
    private final AuditorMetrics metrics;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Thread thread;
    private volatile @Nullable AuditReport last;

    private long fullNanos = System.nanoTime();

    /** What an auditor asks. */
    public interface Audits {
        /**
         * Makes one audit.
         *
         * @param everything from the beginning; else from where the last audit that passed has got, which it remembers
         * @throws RuntimeException when it cannot be made
         */
        AuditReport audit(boolean everything);

        /**
         * How many offsets the journal's partitions are ahead of where an audit has read them.
         *
         * @param nextOffsets by shard
         */
        long lag(Map<Integer, Long> nextOffsets);
    }

    /**
     * How often is audited.
     *
     * @param interval from the end of one audit to the beginning of the next
     * @param fullInterval how often everything is
     */
    public record Pace(Duration interval, Duration fullInterval) {
        /** @throws IllegalArgumentException when one is not more than zero */
        public Pace {
            if (!interval.isPositive() || !fullInterval.isPositive()) {
                throw new IllegalArgumentException(
                        "must be more than zero: interval=" + interval + " full=" + fullInterval);
            }
        }
    }

    /**
     * Connects to nothing yet.
     *
     * @param findingFile is there while the last word was a finding
     * @param health where the service adds its component
     * @param metrics where it adds its figures
     */
    public AuditorService(Audits audits, Pace pace, Path findingFile, Health health, Metrics metrics) {
        this.audits = audits;
        this.pace = pace;
        taint = new Taint(findingFile);
        this.health = health.component(NAME);
        this.metrics = new AuditorMetrics(metrics.registry());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<HttpModule> modules() {
        return List.of(new AuditApi(() -> last));
    }

    @Override
    public void start() {
        if (!started.compareAndSet(false, true) || closed.get()) {
            throw new ServiceException(NAME + " is started once and not again");
        }
        thread = Thread.ofPlatform().name(NAME).daemon().start(this::run);
    }

    private void run() {
        try {
            while (!closed.get()) {
                turn();
                pause();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Error e) {
            health.fail("the auditor died: " + e);
            stopped.completeExceptionally(e);
            throw e;
        }
    }

    private void turn() {
        try {
            boolean isFullDue =
                    System.nanoTime() - fullNanos >= pace.fullInterval().toNanos();
            boolean isClean = true;
            if (taint.isSet() || isFullDue) {
                isClean = audit(true);
                fullNanos = System.nanoTime();
            }
            if (isClean) {
                isClean = audit(false);
            }
            taint.set(!isClean);
            metrics.verdict(isClean ? 1 : 0);
        } catch (RuntimeException e) {
            if (!closed.get()) {
                if (e instanceof AuditException) {
                    LOG.error("The ledger cannot be audited: {}", e.getMessage());
                    LOG.debug("The ledger cannot be audited", e);
                } else {
                    LOG.error("The ledger cannot be audited", e);
                }
                health.down("cannot audit: " + e.getMessage());
                metrics.impossible();
                metrics.verdict(taint.isSet() ? 0 : Double.NaN);
            }
        }
    }

    /** Whether all holds. */
    private boolean audit(boolean everything) {
        LOG.info("Auditing {}", everything ? "everything" : "what is new");
        AuditReport report = audits.audit(everything);
        last = report;
        metrics.audited(report);
        if (report.passed()) {
            LOG.info("All holds: {} entries read in {}", report.entries(), Durations.format(report.duration()));
            health.up("all holds");
        } else {
            LOG.error("{} DIFFERENCES, the first of which most likely led to the others:", report.differences());
            health.up(report.differences() + " differences, see /v1/audit");
        }
        report.findings().stream()
                .limit(FINDINGS_LOGGED_MAX)
                .map(Finding::toString)
                .forEach(report.passed() ? LOG::warn : LOG::error);
        return report.passed();
    }

    /** Waits for the next audit's time, and tells meanwhile how much there will be to do. */
    private void pause() throws InterruptedException {
        long endNanos = System.nanoTime() + pace.interval().toNanos();
        for (long left = pace.interval().toNanos(); left > 0; left = endNanos - System.nanoTime()) {
            measureLag();
            Thread.sleep(Duration.ofNanos(Math.min(left, LAG_EVERY.toNanos())));
        }
    }

    private void measureLag() {
        AuditReport report = last;
        if (report == null) {
            return;
        }
        try {
            metrics.lag(audits.lag(
                    report.shards().stream().collect(Collectors.toMap(ShardFigures::shard, ShardFigures::nextOffset))));
        } catch (RuntimeException e) {
            LOG.warn("The journal's ends cannot be read: {}", e.toString());
        }
    }

    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** An audit that is under way is given up: it changes nothing. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread running = thread;
        if (running != null) {
            running.interrupt();
            try {
                if (!running.join(CLOSE_MAX)) {
                    LOG.warn("The auditor did not stop within {}", Durations.format(CLOSE_MAX));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        stopped.complete(null);
    }
}
