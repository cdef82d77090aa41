package io.pacioli.ledger.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.CommandLineRun;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class DemoIT {
    private static final Pattern PROOF = Pattern.compile(
            "(?m)^✔ [0-9,]+ entries decided again from their commands: [0-9,]+ balances in Redis and Postgres equal the fold of the journal, and all"
                    + " accounts sum to zero\\.$");

    @Test
    void everyFigureAgreesAndItSaysSo() {
        CommandLineRun run =
                CommandLineRun.of("demo", "--transfers", "700", "--accounts", "40", "--shards", "3", "--seed", "5");

        assertThat(run.err()).isEmpty();
        assertThat(run.code()).as(run.out()).isZero();
        assertThat(run.out())
                .containsPattern(PROOF)
                .contains("Who has the most GOLD", "What alice did last", "What was rejected, and why")
                .contains("IDEMPOTENCY_CONFLICT", "INSUFFICIENT_FUNDS", "ASSET_NOT_DEFINED")
                .doesNotContain("\u001b[");
    }
}
