package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulateCommandTest {
    @Test
    void tellsWhatItWentThrough() {
        CommandLineRun run = CommandLineRun.of("simulate", "--seed", "7", "--steps", "3000");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("3,000 steps from seed 7", "Every invariant held", "TransferPosted", "INSUFFICIENT_FUNDS");
    }

    @Test
    void needsAStep() {
        CommandLineRun run = CommandLineRun.of("simulate", "--steps", "0");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("steps must be at least 1: 0");
    }
}
