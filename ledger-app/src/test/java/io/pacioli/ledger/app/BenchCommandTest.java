package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of {@code ledger bench} that would do nothing are refused. */
final class BenchCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--rates=5, --rates is for --compare",
        "--results=here, --results is for --compare",
        "--only=Redis, --only is for --compare",
        "--compare --batch=0, --batch has no part in --compare",
        "--compare --state-memory=512, --state-memory has no part in --compare",
        "--compare --only=Oracle, no system is called Oracle",
    })
    void whatWouldDoNothingIsRefused(String options, String why) {
        CommandLineRun run = CommandLineRun.of(("bench " + options).split(" "));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualToIgnoringNewLines("ledger: " + why);
    }
}
