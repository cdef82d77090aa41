package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.testkit.redis.RedisNode;
import io.pacioli.ledger.testkit.redis.RedisSentinel;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A master with a replica that a Sentinel promotes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SentinelIT {
    private RedisSentinel group;
    private Scenario scenario;
    private RedisBalances balances;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        group = RedisSentinel.start(directory);
        scenario = new Scenario(20261125);
        balances = scenario.project(RedisSettings.of(group.uri())).service.balances();
        scenario.witness(balances);
        scenario.awaitAnswers(balances);
    }

    @AfterEach
    void everythingIsRightAgain() {
        scenario.awaitAnswers(balances);
        scenario.awaitEqual(balances);
        group.awaitFollowing(group.replica());
    }

    @AfterAll
    void close() {
        try {
            scenario.close();
        } finally {
            group.close();
        }
    }

    @Test
    void aReplicaThatIsBehindTakesThePlaceOfAMasterThatDied() {
        RedisNode master = group.master();
        RedisNode replica = group.replica();
        // The replica cannot follow any more: the master knows no password.
        replica.call("CONFIG", "SET", "masterauth", "none");
        master.call("CLIENT", "KILL", "TYPE", "replica");
        scenario.awaitProgress(balances, Scenario.ALL);
        master.kill();

        scenario.awaitAnswers(balances);
        scenario.awaitEqual(balances);
        assertThat(replica.call("ROLE")).startsWith("master");
        replica.call("CONFIG", "SET", "masterauth", "");
        master.start();
    }

    @Test
    void aReplicaTakesThePlaceOfAMasterThatHangs() {
        RedisNode master = group.master();
        RedisNode replica = group.replica();
        master.suspend();
        try {
            scenario.awaitAnswers(balances);
            scenario.awaitEqual(balances);
            assertThat(replica.call("ROLE")).startsWith("master");
        } finally {
            master.resume();
        }
        Eventually.holds(() -> assertThat(master.call("ROLE")).startsWith("slave"));
    }

    @Test
    void aMasterThatIsEmptiedIsRebuiltWithItsReplica() {
        group.master().call("FLUSHALL");
    }

    @Test
    void aMasterMayBeReplacedInOrder() {
        RedisNode master = group.master();
        group.sentinel().call("SENTINEL", "FAILOVER", RedisSentinel.NAME);
        Eventually.holds(() -> assertThat(group.replica()).isSameAs(master));
    }

    @Test
    void aRebuildTakesThePlaceOfWhatWasThere() {
        try (RedisRebuild rebuild = new RedisRebuild(scenario.rebuild(), RedisSettings.of(group.uri()))) {
            RebuildReport report = rebuild.run(RebuildProgress.Listener.NONE);

            assertThat(report.first()).isEmpty();
            assertThat(report.isSwapped()).isTrue();
            assertThat(report.compared()).isGreaterThan(Scenario.ACCOUNTS);
        }
    }
}
