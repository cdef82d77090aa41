package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.testkit.redis.RedisNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master behind a name that leads to another server after a failover, as hosted ones are: no connection is closed. */
class RenamedMasterIT {
    @Test
    void aMasterThatBecomesAReplicaIsLeft(@TempDir Path directory) throws Exception {
        try (RedisNode first = RedisNode.server(directory.resolve("first")).start();
                RedisNode second = RedisNode.server(directory.resolve("second"))
                        .with("replicaof", "127.0.0.1 " + first.port())
                        .start();
                Forwarder name = new Forwarder(first.port());
                Scenario scenario = new Scenario(20261128)) {
            RedisBalances balances = scenario.project(RedisSettings.of("redis://127.0.0.1:" + name.port()))
                    .service
                    .balances();
            scenario.witness(balances);
            scenario.awaitAnswers(balances);

            second.call("REPLICAOF", "NO", "ONE");
            name.leadTo(second.port());
            // It does not get to follow, so that answers from it would stay as they are.
            first.call("CONFIG", "SET", "masterauth", "none");
            first.call("REPLICAOF", "127.0.0.1", Integer.toString(second.port()));

            scenario.awaitAnswers(balances);
            scenario.awaitEqual(balances);
        }
    }
}
