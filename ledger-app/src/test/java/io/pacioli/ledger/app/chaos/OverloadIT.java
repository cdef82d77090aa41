package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.CommandLineRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The short form of {@code ledger overload}. */
@EnabledOnOs(OS.LINUX)
final class OverloadIT {
    @Test
    void whatIsTooMuchIsRefusedAndNothingFallsOver() {
        CommandLineRun run = CommandLineRun.of("overload", "--seconds=4", "--accounts=1000", "--shards=4");

        assertThat(run.code()).as(run.toString()).isZero();
        assertThat(run.out()).contains("Nothing fell over").contains("0 differences");
    }
}
