package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.testkit.redis.RedisNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several instances share the shards while some come and go. */
class ScaleOutIT {
    private static final long SEED = 20261127;
    private static final int INSTANCES = 3;
    private static final int CHANGES = 12;

    private record Instance(TestProjection projection, Witness witness) {
        RedisBalances balances() {
            return projection.service.balances();
        }

        /** Ends it; nobody was refused an answer while it ran. */
        void close() {
            witness.close();
            assertThat(witness.refused()).isZero();
            projection.close();
        }
    }

    @Test
    void nothingIsLostOrAppliedTwiceWhileInstancesComeAndGo(@TempDir Path directory) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Instance> running = new ArrayList<>();
        try (RedisNode node = RedisNode.server(directory).start();
                Scenario scenario = new Scenario(SEED)) {
            try {
                RedisProjectionSettings settings = scenario.settings(RedisSettings.of(node.uri()));
                scenario.awaitAnswers(scenario.project(settings.redis()).service.balances());
                // The group has given its shards to others, and it goes on with them nevertheless.
                running.add(start(scenario, settings.withGroup(settings.group() + ".outcast")));
                for (int change = 0; change < CHANGES; change++) {
                    boolean more = running.size() < INSTANCES && (running.size() == 1 || random.nextBoolean());
                    if (more) {
                        running.add(start(scenario, settings));
                    } else {
                        running.remove(1 + random.nextInt(running.size() - 1)).close();
                    }
                    // Sometimes the next change comes before the shards have been shared out again.
                    if (random.nextBoolean()) {
                        scenario.awaitProgress(running.getLast().balances(), Scenario.ALL);
                    }
                }
                running.removeFirst().close();
                while (running.size() < INSTANCES) {
                    running.add(start(scenario, settings));
                }
                Eventually.holds(() -> assertThat(running)
                        .allSatisfy(instance ->
                                assertThat(instance.projection().shards()).isNotEmpty()));
                scenario.awaitEqual(running.getFirst().balances());
            } finally {
                for (Instance instance : running) {
                    instance.close();
                }
            }
            node.kill();
            assertEachBatchWasAppliedOnce(node);
        }
    }

    private static Instance start(Scenario scenario, RedisProjectionSettings settings) {
        TestProjection projection = new TestProjection(settings);
        return new Instance(projection, scenario.witness(projection.service.balances()));
    }

    /** Redis has appended every write to a file: there each position of a shard is past the one before. */
    private static void assertEachBatchWasAppliedOnce(RedisNode node) throws IOException {
        Map<String, Long> last = new HashMap<>();
        int batches = 0;
        for (Path file : node.appended()) {
            String[] lines = Files.readString(file, StandardCharsets.ISO_8859_1).split("\r\n", -1);
            for (int i = 0; i + 4 < lines.length; i++) {
                if (lines[i].equalsIgnoreCase("SET") && lines[i + 2].endsWith("}:position")) {
                    long sequence = StorePosition.parse(lines[i + 4]).sequence();
                    assertThat(sequence).as(lines[i + 2]).isGreaterThan(last.getOrDefault(lines[i + 2], -1L));
                    last.put(lines[i + 2], sequence);
                    batches++;
                }
            }
        }
        assertThat(last).hasSize(Scenario.SHARDS);
        assertThat(batches).isGreaterThan(CHANGES * Scenario.SHARDS);
    }
}
