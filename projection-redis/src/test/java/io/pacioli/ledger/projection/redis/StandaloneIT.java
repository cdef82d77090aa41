package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.testkit.redis.RedisNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A single server. */
class StandaloneIT {
    @Test
    void aServerThatStartsLaterIsFoundThoughMoreAndMoreAskForIt(@TempDir Path directory) throws Exception {
        try (RedisNode node = RedisNode.server(directory);
                Scenario scenario = new Scenario(20261130)) {
            RedisBalances balances =
                    scenario.project(RedisSettings.of(node.uri())).service.balances();
            Witness witness = scenario.witness(balances);
            Eventually.holds(() -> assertThat(witness.refused()).isGreaterThan(100));
            node.start();
            scenario.awaitAnswers(balances);
        }
    }

    @Test
    void oldDataArePutBackWhileTheLedgerGoesOn(@TempDir Path directory) throws Exception {
        Path copy = directory.resolve("copy");
        try (RedisNode node = RedisNode.server(directory.resolve("node")).start();
                Scenario scenario = new Scenario(20261126)) {
            RedisBalances balances =
                    scenario.project(RedisSettings.of(node.uri())).service.balances();
            Witness witness = scenario.witness(balances);
            scenario.awaitAnswers(balances);
            // A file that is being written to ends anywhere; Redis drops the command that is not whole.
            node.copyData(copy);
            for (int round = 0; round < 3; round++) {
                scenario.awaitProgress(balances, Scenario.ALL);
                node.kill();
                long refused = witness.refused();
                Eventually.holds(() -> assertThat(witness.refused()).isGreaterThan(refused));
                node.restoreData(copy);
                node.start();
                scenario.awaitAnswers(balances);
            }
            scenario.awaitEqual(balances);
        }
    }
}
