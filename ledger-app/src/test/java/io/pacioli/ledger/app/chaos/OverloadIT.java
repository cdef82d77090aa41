package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.CommandLineRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The short form of {@code ledger overload}: too short to compare latencies, and long enough for anything to fall over. */
@EnabledOnOs(OS.LINUX)
final class OverloadIT {
    @Test
    void whatIsTooMuchIsRefusedAndNothingFallsOver() {
        CommandLineRun run = CommandLineRun.of("overload", "--seconds=4", "--accounts=1000", "--shards=4");

        assertThat(run.out())
                .as(run.toString())
                .contains("0 differences", "5 times of that", "half, redis stopped", "half, after the flood")
                .doesNotContain(
                        "the audit", "ended by itself", "Retry-After", "the gateway answered", "does not stand still")
                .doesNotContain(
                        "nothing was decided", "MiB in use", "not acknowledged by Kafka", "not all of the flood");
    }
}
