package io.pacioli.ledger.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.CommandLineRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The short form of {@code ledger soak}: too short to tell what grows, and long enough for the figures to be there and the books right. */
@EnabledOnOs(OS.LINUX)
final class SoakIT {
    @Test
    void everythingIsMeasuredAndTheBooksAreRight() {
        CommandLineRun run = CommandLineRun.of("soak", "--minutes=0.3", "--rate=100", "--accounts=500", "--shards=4");

        assertThat(run.out())
                .as(run.toString())
                .contains("0 requests without an answer", "0 differences")
                .containsSubsequence("commands a second", "commands over Kafka", "histories")
                .containsSubsequence("entries behind", "projection-postgres", "projection-redis")
                .containsSubsequence("resident memory", "broker", "gateway", "postgres", "processor", "redis")
                .containsSubsequence("RocksDB's memory, MiB (must not grow)", "processor", "threads")
                .doesNotContain("the audit", "ended by itself", "could not be told");
    }
}
