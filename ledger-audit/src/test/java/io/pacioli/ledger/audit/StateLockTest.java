package io.pacioli.ledger.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateLockTest {
    private static final String JOURNAL = Topics.DEFAULT.journal();

    @TempDir
    private Path directory;

    /** Another process with the lock: says so, and keeps it until it is told to end. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) {
            StateLock.holding(Path.of(arguments[0]), JOURNAL, () -> {
                try {
                    System.out.write('!');
                    System.out.flush();
                    return System.in.read();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    private static AuditReport audit(ScratchLedger ledger, Path state, Progress progress) {
        AuditSettings settings =
                new AuditSettings(Map.of(), Topics.DEFAULT, true, 1, List.of(), PublicKeys.NONE, state);
        return new Audit(settings, () -> ScratchTopics.consumer(ledger)).run(progress);
    }

    @Test
    void anAuditIsRefusedWhileAnotherGoesOnFromTheSameState() {
        ScratchLedger ledger = ScratchLedger.inUse();
        AtomicInteger refused = new AtomicInteger();

        AuditReport first = audit(ledger, directory, (done, total) -> {
            assertThatThrownBy(() -> audit(ledger, directory, Progress.NONE))
                    .isInstanceOf(AuditException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageEndingWith("process " + ProcessHandle.current().pid());
            refused.incrementAndGet();
        });

        assertThat(refused).hasPositiveValue();
        assertThat(first.passed()).isTrue();
        assertThat(audit(ledger, directory, Progress.NONE).entries()).isZero();
    }

    @Test
    void anAuditThatFailedLeavesNoLock() {
        ScratchLedger ledger = ScratchLedger.inUse();
        assertThatThrownBy(() -> audit(ledger, directory, (done, total) -> {
                    throw new IllegalStateException("somebody pulled the plug");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(audit(ledger, directory, Progress.NONE).passed()).isTrue();
    }

    @Test
    void anotherProcessIsRefusedAndNamesTheHolderUntilThatIsGone() throws Exception {
        Process holder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(holder.getInputStream().read()).isEqualTo('!');
            for (int times = 0; times < 2; times++) {
                assertThatThrownBy(() -> StateLock.holding(directory, JOURNAL, () -> 1))
                        .isInstanceOf(AuditException.class)
                        .hasMessageEndingWith("process " + holder.pid());
            }
            assertThat(StateLock.<Integer>holding(directory, "other.journal", () -> 1))
                    .isEqualTo(1);
        } finally {
            holder.destroyForcibly();
            holder.waitFor();
        }
        assertThat(StateLock.<Integer>holding(directory, JOURNAL, () -> 2)).isEqualTo(2);
    }
}
