package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processors that are killed in the middle of their work, again and again: nothing is lost, nothing happens twice. */
final class ProcessorCrashIT {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorCrashIT.class);
    private static final long SEED = Long.getLong("ledger.test.seed", System.nanoTime() & 0xFFFF);
    private static final int KILLS = 3;
    private static final int PAYMENTS = 3_000;
    private static final int DECIDED_BEFORE_KILL = 700;

    @TempDir
    private Path directory;

    @Test
    void killedUnderLoad() {
        LOG.info("seed {}", SEED);
        LiveLedger ledger = LiveLedger.fresh(6);
        Payments payments = new Payments(ledger, SEED);
        try (RunningProcessor first = RunningProcessor.start(ledger.settings(directory))) {
            assertThat(first.health.isReady()).isTrue();
            ledger.produce(List.of(payments.record(payments.define())));
            ledger.produce(payments.mints().stream().map(payments::record).toList());
        }
        try (LiveJournal journal = new LiveJournal(ledger)) {
            for (int kill = 0; kill < KILLS; kill++) {
                ledger.produce(payments.next(PAYMENTS));
                long started = System.nanoTime();
                int before = journal.readOn().outcomes().size();
                try (ForkedProcessor forked = ForkedProcessor.start(ledger, directory)) {
                    journal.await("it goes on", () -> journal.outcomes().size() > before || !forked.alive());
                    LOG.info("decides again after {} ms", millisSince(started));
                    journal.await(
                            "it is at work",
                            () -> journal.outcomes().size() > before + DECIDED_BEFORE_KILL || !forked.alive());
                    assertThat(forked.alive()).isTrue();
                }
                assertThat(journal.readOn().outcomes())
                        .hasSizeLessThan(payments.ids().size());
            }
            long started = System.nanoTime();
            int before = journal.outcomes().size();
            try (RunningProcessor last = RunningProcessor.starting(ledger.settings(directory))) {
                journal.await("it goes on", () -> journal.outcomes().size() > before);
                LOG.info("decides again after {} ms", millisSince(started));
                journal.await(
                        "all is decided",
                        () -> journal.outcomes().size() >= payments.ids().size() && journal.isSettled());
                assertThat(last.health.isAlive()).isTrue();
            }
            journal.readOn().assertComplete(payments.ids());
            LOG.info("{} entries", journal.entries().size());
        }
    }

    private static long millisSince(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
