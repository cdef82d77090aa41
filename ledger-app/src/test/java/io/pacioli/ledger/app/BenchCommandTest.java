package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of {@code ledger bench} that would do nothing, or cannot be done, are refused. */
final class BenchCommandTest {
    @ParameterizedTest
    @CsvSource({
        "--rates=5, --rates is for --compare",
        "--results=here, --results is for --compare",
        "--only=Redis, --only is for --compare",
        "--compare --batch=0, --batch has no part in --compare",
        "--compare --state-memory=512, --state-memory has no part in --compare",
        "--across=101, the share across shards must be 0 to 100 percent: 101",
        "--across=10 --zipf, a share across shards takes a uniform choice of accounts",
        "--across=10 --shards=1, transfers across shards take two shards at least",
        "--across=10 --accounts=2, too few accounts or shards for such transfers: accounts=2 percent=10",
        "--compare --across=10, --across has no part in --compare",
        "--compare --only=Oracle, no system is called Oracle",
    })
    void whatWouldDoNothingOrCannotBeDoneIsRefused(String options, String why) {
        CommandLineRun run = CommandLineRun.of(("bench " + options).split(" "));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).isEqualToIgnoringNewLines("ledger: " + why);
    }
}
