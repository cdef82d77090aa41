package io.pacioli.ledger.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the verdict, audit by audit. */
final class AuditorServiceTest {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);
    private static final Duration DAYS = Duration.ofDays(100);

    private enum Result {
        PASSED,
        FAILED,
        IMPOSSIBLE
    }

    /** Which audits were asked for, and what comes of each. */
    private final BlockingQueue<Boolean> asked = new LinkedBlockingQueue<>();

    private final BlockingQueue<Result> results = new SynchronousQueue<>();
    private Health health = new Health();
    private Metrics metrics = new Metrics();

    @TempDir
    private Path directory = Path.of("");

    private @Nullable AuditorService auditor;

    private final class Scripted implements AuditorService.Audits {
        @Override
        public AuditReport audit(boolean everything) {
            asked.add(everything);
            try {
                return switch (results.take()) {
                    case PASSED -> report(0);
                    case FAILED -> report(3);
                    case IMPOSSIBLE -> throw new AuditException("nobody answers");
                };
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AuditException("interrupted", e);
            }
        }

        @Override
        public long lag(Map<Integer, Long> nextOffsets) {
            return 5;
        }
    }

    private static AuditReport report(long differences) {
        return new AuditReport(
                true,
                1,
                Duration.ofMillis(2),
                "ledger.journal",
                List.of(),
                new TreeMap<>(),
                List.of(),
                0,
                0,
                0,
                0,
                null,
                null,
                List.of(),
                differences,
                0,
                List.of());
    }

    @BeforeEach
    void start() {
        health = new Health();
        metrics = new Metrics();
        AuditorService.Pace pace = new AuditorService.Pace(Duration.ofMillis(1), DAYS);
        Path finding = directory.resolve("audits").resolve("finding");
        AuditorService started = new AuditorService(new Scripted(), pace, finding, health, metrics);
        started.start();
        auditor = started;
    }

    @AfterEach
    void stop() {
        AuditorService running = auditor;
        if (running != null) {
            running.close();
        }
        metrics.close();
    }

    /** The next audit is of everything or of what is new, and has that result. */
    private void audit(boolean everything, Result result) throws InterruptedException {
        assertThat(asked.poll(WAIT_MAX.toSeconds(), TimeUnit.SECONDS)).isEqualTo(everything);
        assertThat(results.offer(result, WAIT_MAX.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }

    private void awaitVerdict(double expected) {
        long deadlineNanos = System.nanoTime() + WAIT_MAX.toNanos();
        while (Double.compare(verdict(), expected) != 0) {
            assertThat(System.nanoTime()).as("verdict " + verdict()).isLessThan(deadlineNanos);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private double verdict() {
        return metrics.registry().get("ledger.auditor.verdict").gauge().value();
    }

    @Test
    void aFindingStaysUntilEverythingIsCleanAndWhatIsRememberedToo() throws InterruptedException {
        assertThat(verdict()).isNaN();
        assertThat(health.isReady()).isFalse();
        audit(false, Result.PASSED);
        awaitVerdict(1);
        assertThat(health.isReady()).isTrue();

        audit(false, Result.FAILED);
        awaitVerdict(0);
        assertThat(health.isReady()).isTrue();
        audit(true, Result.FAILED);
        // Everything that is there is clean, and something is missing that was there.
        audit(true, Result.PASSED);
        audit(false, Result.FAILED);
        audit(true, Result.PASSED);
        assertThat(verdict()).isZero();
        audit(false, Result.PASSED);
        awaitVerdict(1);
        audit(false, Result.PASSED);
    }

    @Test
    void whenItCannotAuditNobodyKnowsUnlessThereWasAFinding() throws InterruptedException {
        audit(false, Result.PASSED);
        awaitVerdict(1);
        audit(false, Result.IMPOSSIBLE);
        awaitVerdict(Double.NaN);
        assertThat(health.isReady()).isFalse();
        audit(false, Result.FAILED);
        awaitVerdict(0);
        audit(true, Result.IMPOSSIBLE);
        audit(true, Result.PASSED);
        assertThat(verdict()).isZero();
        audit(false, Result.PASSED);
        awaitVerdict(1);
        assertThat(metrics.registry()
                        .get("ledger.auditor.audits")
                        .tag("result", "impossible")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void aRestartDoesNotForgetAFinding() throws InterruptedException {
        audit(false, Result.FAILED);
        awaitVerdict(0);
        stop();
        asked.clear();
        start();
        audit(true, Result.PASSED);
        audit(false, Result.PASSED);
        awaitVerdict(1);
        stop();
        asked.clear();
        start();
        audit(false, Result.PASSED);
    }

    @Test
    void stopsInTheMiddleOfAnAudit() throws InterruptedException {
        assertThat(asked.poll(WAIT_MAX.toSeconds(), TimeUnit.SECONDS)).isFalse();
        AuditorService running = Objects.requireNonNull(auditor);
        running.close();
        assertThat(running.stopped()).isCompleted();
    }
}
