package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.testkit.redis.RedisCluster;
import io.pacioli.ledger.testkit.redis.RedisNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three masters with replicas: each test has the replica of another master take its place. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterFailoverIT {
    private RedisCluster cluster;
    private Scenario scenario;
    private RedisBalances balances;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = RedisCluster.start(directory, 3, true);
        scenario = new Scenario(20261124);
        balances =
                scenario.project(RedisSettings.cluster(cluster.uri())).service.balances();
        scenario.witness(balances);
        scenario.awaitAnswers(balances);
    }

    @AfterAll
    void close() {
        try {
            scenario.close();
        } finally {
            cluster.close();
        }
    }

    @Test
    void aReplicaThatIsBehindTakesThePlaceOfAMasterThatDied() {
        RedisNode master = cluster.masters().getFirst();
        RedisNode replica = cluster.replicas().getFirst();
        // The replica cannot follow any more: the master knows no password.
        replica.call("CONFIG", "SET", "masterauth", "none");
        master.call("CLIENT", "KILL", "TYPE", "replica");
        scenario.awaitProgress(balances, Scenario.ALL);
        master.kill();

        scenario.awaitAnswers(balances);
        scenario.awaitEqual(balances);
        assertThat(replica.call("ROLE")).startsWith("master");
        master.start();
        scenario.awaitProgress(balances, Scenario.ALL);
        Eventually.holds(() -> assertThat(master.call("ROLE")).startsWith("slave"));
        scenario.awaitEqual(balances);
    }

    @Test
    void aReplicaTakesThePlaceOfAMasterThatHangs() {
        RedisNode master = cluster.masters().get(1);
        master.suspend();
        try {
            scenario.awaitAnswers(balances);
            scenario.awaitEqual(balances);
            assertThat(cluster.replicas().get(1).call("ROLE")).startsWith("master");
        } finally {
            master.resume();
        }
        scenario.awaitAnswers(balances);
        scenario.awaitEqual(balances);
    }

    @Test
    void aMasterMayBeReplacedInOrder() {
        RedisNode replica = cluster.replicas().get(2);
        replica.call("CLUSTER", "FAILOVER");
        Eventually.holds(() -> assertThat(replica.call("ROLE")).startsWith("master"));

        scenario.awaitAnswers(balances);
        scenario.awaitEqual(balances);
    }
}
