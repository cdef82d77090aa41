package io.pacioli.ledger.app.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.CommandLineRun;
import io.pacioli.ledger.app.stack.EmbeddedStack;
import io.pacioli.ledger.app.stack.StackSettings;
import org.junit.jupiter.api.Test;

/** A short form of what {@code ./ledger fuzz} does to a whole ledger. Repeat a run with {@code -Dtest.jvm.args=-Dledger.seed=N}. */
final class FuzzIT {
    private static final long SEED = Long.getLong("ledger.seed", 20_261_126L);
    private static final long REQUESTS = 2_000;
    private static final long RECORDS = 1_000;

    @Test
    void nothingThatIsSentDoesAnyHarm() {
        try (EmbeddedStack stack = EmbeddedStack.start(StackSettings.fresh(), false, () -> false, text -> {})) {
            StackFuzz.Report report = new StackFuzz(stack, SEED).run(REQUESTS, RECORDS, number -> {});

            // Neither too tame nor too wild: commands are decided and questions answered among what is refused.
            assertThat(report.http().statuses()).containsKeys(200, 400, 404, 405, 415, 422);
            assertThat(report.records().deadLetters()).isBetween(RECORDS / 2, RECORDS - 1);
            assertThat(report.records().outcomes()).isEqualTo(RECORDS / 100);
            CommandLineRun audit =
                    CommandLineRun.of("audit", "--url", stack.uri().toString());
            assertThat(audit.code()).as(audit.toString()).isZero();
        }
    }
}
