package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.testkit.redis.RedisCluster;
import io.pacioli.ledger.testkit.redis.RedisNode;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of three masters without replicas: what a node loses or stops, only its shards feel. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterIT {
    private static final int MASTERS = 3;
    private static final RedisKeys KEYS = new RedisKeys("live:");

    private RedisCluster cluster;
    private Scenario scenario;
    private RedisBalances balances;
    private List<List<Integer>> shards;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = RedisCluster.start(directory, MASTERS, false);
        scenario = new Scenario(20261123);
        balances = scenario.project(RedisSettings.cluster(cluster.uri()).withNamespace(KEYS.namespace()))
                .service
                .balances();
        scenario.witness(balances);
        scenario.awaitAnswers(balances);
        shards = IntStream.range(0, MASTERS)
                .mapToObj(node -> Scenario.ALL.stream()
                        .filter(shard -> cluster.masterOf(KEYS.position(shard)) == node)
                        .toList())
                .toList();
    }

    @AfterEach
    void everythingIsRightAgain() {
        scenario.awaitAnswers(balances);
        scenario.awaitEqual(balances);
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
    void everyNodeHasShards() {
        assertThat(cluster.masters())
                .allSatisfy(node ->
                        assertThat(Integer.parseInt(node.call("DBSIZE"))).isPositive());
        assertThat(shards).noneMatch(List::isEmpty);
    }

    @Test
    void aNodeThatIsEmptiedIsRebuilt() {
        cluster.masters().getFirst().call("FLUSHALL");
    }

    @Test
    void aClusterThatIsEmptiedIsRebuilt() {
        cluster.masters().forEach(node -> node.call("FLUSHALL"));
    }

    @Test
    void aNodeThatForgetsTheScriptsLearnsThemAgain() {
        cluster.masters().forEach(node -> node.call("SCRIPT", "FLUSH"));
    }

    @Test
    void aNodeThatComesBackEmptyIsRebuilt() {
        loseNode(1, RedisNode::deleteData);
    }

    @Test
    void aNodeThatComesBackWithItsDataGoesOn() {
        loseNode(2, node -> {});
    }

    @Test
    void aNodeThatComesBackWithOldDataGoesOnFromThere(@TempDir Path directory) {
        RedisNode node = cluster.masters().getFirst();
        Path copy = directory.resolve("copy");
        node.copyData(copy);
        scenario.awaitProgress(balances, shards.get(0));
        loseNode(0, lost -> lost.restoreData(copy));
    }

    private void loseNode(int index, Consumer<RedisNode> meanwhile) {
        RedisNode node = cluster.masters().get(index);
        node.kill();
        assertOthersGoOn(index);
        meanwhile.accept(node);
        node.start();
    }

    @Test
    void aNodeThatHangsDoesNotStopTheOthers() {
        RedisNode node = cluster.masters().get(1);
        node.suspend();
        try {
            assertOthersGoOn(1);
        } finally {
            node.resume();
        }
    }

    private void assertOthersGoOn(int lost) {
        List<Integer> gone = shards.get(lost);
        List<Integer> others =
                Scenario.ALL.stream().filter(shard -> !gone.contains(shard)).toList();
        assertThat(gone)
                .allSatisfy(shard -> assertThatThrownBy(() -> balances.account(scenario.accountOn(shard)))
                        .isInstanceOf(StoreUnavailableException.class));
        scenario.awaitProgress(balances, others);
        assertThat(others)
                .allSatisfy(shard -> assertThat(
                                balances.account(scenario.accountOn(shard)).value())
                        .isPresent());
    }

    @Test
    void aShardMayMoveToAnotherNode() {
        int from = 2;
        RedisNode source = cluster.masters().get(from);
        RedisNode target = cluster.masters().getFirst();
        int shard = shards.get(from).getFirst();
        move(shard, source, target);
        scenario.awaitAnswers(balances);
        assertThat(Integer.parseInt(source.call("CLUSTER", "COUNTKEYSINSLOT", slot(shard))))
                .isZero();
        move(shard, target, source);
    }

    /** As {@code redis-cli --cluster reshard} does. */
    private void move(int shard, RedisNode source, RedisNode target) {
        String slot = slot(shard);
        String targetId = target.call("CLUSTER", "MYID");
        target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source.call("CLUSTER", "MYID"));
        source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
        List<String> keys = keysIn(slot, source);
        while (!keys.isEmpty()) {
            for (String key : keys) {
                source.call("MIGRATE", "127.0.0.1", Integer.toString(target.port()), key, "0", "10000");
            }
            keys = keysIn(slot, source);
        }
        target.call("CLUSTER", "SETSLOT", slot, "NODE", targetId);
        cluster.masters().stream()
                .filter(node -> node != target)
                .forEach(node -> node.call("CLUSTER", "SETSLOT", slot, "NODE", targetId));
    }

    private static List<String> keysIn(String slot, RedisNode node) {
        return node.call("CLUSTER", "GETKEYSINSLOT", slot, "10").lines().toList();
    }

    private String slot(int shard) {
        return Integer.toString(cluster.slotOf(KEYS.position(shard)));
    }

    @Test
    void aRebuildTakesThePlaceOfWhatWasThere() {
        try (RedisRebuild rebuild = new RedisRebuild(
                scenario.rebuild(), RedisSettings.cluster(cluster.uri()).withNamespace(KEYS.namespace()))) {
            RebuildReport report = rebuild.run(RebuildProgress.Listener.NONE);

            assertThat(report.first()).isEmpty();
            assertThat(report.isSwapped()).isTrue();
            assertThat(report.compared()).isGreaterThan(Scenario.ACCOUNTS);
        }
    }
}
