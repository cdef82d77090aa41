package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.CommandLineRun;
import org.junit.jupiter.api.Test;

/** The short form of {@code ledger chaos}. */
final class ChaosIT {
    @Test
    void nothingIsLostWhateverIsKilled() {
        CommandLineRun run = CommandLineRun.of(
                "chaos",
                "--minutes=1.2",
                "--seed=11",
                "--faults=9",
                "--transfers=4000",
                "--clients=4",
                "--accounts=200",
                "--shards=4");

        assertThat(run.code()).as(run.toString()).isZero();
        assertThat(run.out()).contains("All holds").contains("0 differences");
    }
}
