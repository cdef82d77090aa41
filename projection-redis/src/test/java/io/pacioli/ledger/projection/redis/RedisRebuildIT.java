package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.rebuild.Difference;
import io.pacioli.ledger.service.rebuild.RebuildException;
import io.pacioli.ledger.service.rebuild.RebuildProgress;
import io.pacioli.ledger.service.rebuild.RebuildReport;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import io.pacioli.ledger.service.rebuild.ShardJournal;
import io.pacioli.ledger.testkit.TestServices;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisRebuildIT {
    private static final int SHARDS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestLedger ledger = new TestLedger(SHARDS);
    private final String uri = TestServices.redis().freshDatabase();
    private final TestStore store = new TestStore(uri, ledger.router());
    private TestJournal journal;

    @BeforeEach
    void journal() throws Exception {
        journal = new TestJournal(ledger);
        ledger.define("GOLD", 2);
        ledger.define("SILVER", 0);
        ledger.open("nobody");
        ledger.mint("SILVER", "rich", "99999999999999999999");
        ledger.workload(new SplittableRandom(7), "GOLD", 40, 400);
        ledger.statuses(new SplittableRandom(8), "GOLD", 40, 30);
        journal.write();
    }

    @AfterEach
    void close() {
        journal.close();
        store.close();
    }

    private RebuildSettings settings() {
        return RebuildSettings.of(TestJournal.kafka(), journal.topics, ledger.router())
                .withThreads(2);
    }

    private RebuildReport rebuild(RebuildSettings settings) {
        try (RedisRebuild rebuild = new RedisRebuild(settings, RedisSettings.of(uri))) {
            return rebuild.run(RebuildProgress.Listener.NONE);
        }
    }

    private RebuildReport repair(String... accounts) {
        try (RedisRebuild rebuild = new RedisRebuild(settings(), RedisSettings.of(uri))) {
            return rebuild.repair(List.of(accounts), RebuildProgress.Listener.NONE);
        }
    }

    private void project() {
        try (TestProjection projection = TestProjection.of(journal, ledger, uri)) {
            Eventually.holds(() -> StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER"));
            Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
        }
    }

    private void put(String account, String text) {
        store.redis.hset(key(account), bytes(account), bytes(text));
    }

    private byte[] key(String account) {
        return bytes(new RedisKeys("").accounts(ledger.router().shardOf(account), account));
    }

    private byte[] board(String account, String asset) {
        return bytes(new RedisKeys("").leaderboard(ledger.router().shardOf(account), asset));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, Difference> bySubject(RebuildReport report) {
        Map<String, Difference> differences = new HashMap<>();
        report.first().forEach(difference -> differences.put(difference.subject(), difference));
        return differences;
    }

    private void assertNothingIsLeftBeside() {
        assertThat(store.dump().keySet()).noneMatch(key -> key.contains(":next:"));
    }

    @Test
    void whatIsRightStaysAsItIs() {
        project();
        RebuildReport report = rebuild(settings());

        assertThat(report.first()).isEmpty();
        assertThat(report.differences()).isZero();
        assertThat(report.isSwapped()).isTrue();
        assertThat(report.positions())
                .containsExactly(
                        new Position(0, ledger.sequence(0)),
                        new Position(1, ledger.sequence(1)),
                        new Position(2, ledger.sequence(2)));
        assertThat(report.compared()).isGreaterThan(42);
        StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");
        assertNothingIsLeftBeside();
    }

    @Test
    void everyDifferenceIsToldAndGone() {
        project();
        put("nobody", "frozen,GOLD=7");
        store.redis.hdel(key("u1"), bytes("u1"));
        put("ghost", "GOLD=1");
        store.redis.zadd(board("u2", "GOLD"), -987654, bytes("u2"));
        store.redis.zrem(board("u3", "GOLD"), bytes("u3"));
        store.redis.hset(bytes("{s0}:assets"), bytes("TIN"), bytes("2"));
        store.redis.zadd(bytes("{s0}:leaderboard:TIN"), -1, bytes("ghost"));

        RebuildReport dry = rebuild(settings().comparingOnly());
        assertThat(dry.isSwapped()).isFalse();
        RebuildReport report = rebuild(settings());

        assertThat(report.first()).isEqualTo(dry.first());
        Map<String, Difference> found = bySubject(report);
        assertThat(found).containsKeys("nobody", "u1", "ghost", "u2", "u3", "asset TIN", "leaderboard of TIN");
        assertThat(found.get("nobody")).satisfies(difference -> {
            assertThat(difference.stored()).isEqualTo("frozen,GOLD=7");
            assertThat(difference.rebuilt()).isEqualTo("an empty account");
        });
        assertThat(found.get("u1")).satisfies(difference -> {
            assertThat(difference.stored()).isEmpty();
            assertThat(difference.rebuilt()).isNotEmpty();
        });
        assertThat(found.get("ghost"))
                .satisfies(difference -> assertThat(difference.rebuilt()).isEmpty());
        assertThat(found.get("u2"))
                .satisfies(difference -> assertThat(difference.stored()).contains("leaderboard of GOLD"));
        StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");
        assertNothingIsLeftBeside();
        assertThat(store.redis.exists(bytes("{s0}:leaderboard:TIN"))).isZero();
        assertThat(rebuild(settings().comparingOnly()).first()).isEmpty();
    }

    @Test
    void singleAccountsArePutRight() {
        project();
        put("nobody", "frozen,GOLD=7");
        store.redis.hdel(key("u1"), bytes("u1"));
        put("ghost", "GOLD=1");
        store.redis.zadd(board("ghost", "GOLD"), -1, bytes("ghost"));
        store.redis.zadd(board("u2", "GOLD"), -987654, bytes("u2"));
        put("rich", "SILVER=1");
        store.redis.hset(bytes("{s0}:system"), bytes("@clearing/1/GOLD"), bytes("GOLD=4"));

        RebuildReport report = repair("nobody", "u1", "ghost", "u2", "rich", "@clearing/1/GOLD");

        assertThat(bySubject(report)).containsKeys("nobody", "u1", "ghost", "rich", "@clearing/1/GOLD");
        StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");
        assertThat(rebuild(settings().comparingOnly()).first()).isEmpty();
        assertThat(repair("nobody", "u1").first()).isEmpty();
        assertNothingIsLeftBeside();
    }

    @Test
    void whatIsLeftOfARebuildThatWasKilledDoesNoHarm() {
        project();
        try (ShardJournal abandoned = ShardJournal.open(TestJournal.kafka(), journal.topics, 1)) {
            // Never closed, as one that is killed.
            StagedShard staged =
                    StagedShard.begin(abandoned, next(), new RebuildProgress(SHARDS, RebuildProgress.Listener.NONE));
            staged.advanceTo(20);
            staged.settle();
        }
        assertThat(store.dump().keySet()).anyMatch(key -> key.contains(":next:"));
        StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");

        assertThat(rebuild(settings()).isSwapped()).isTrue();
        StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");
        assertNothingIsLeftBeside();
    }

    /** With SIGKILL, in a process of its own, when one shard is swapped and two are not. */
    @Test
    void oneThatIsKilledLeavesEachShardOldOrNew() throws Exception {
        project();
        List<String> accounts = IntStream.range(0, SHARDS)
                .mapToObj(shard -> IntStream.range(0, 40)
                        .mapToObj(i -> "u" + i)
                        .filter(account -> ledger.router().shardOf(account) == shard)
                        .findFirst()
                        .orElseThrow())
                .toList();
        List<byte[]> right = accounts.stream()
                .map(account -> store.redis.hget(key(account), bytes(account)))
                .toList();
        accounts.forEach(account -> put(account, "GOLD=7"));

        KilledRebuild.after(1, journal, SHARDS, uri);

        assertThat(store.redis.hget(key(accounts.get(0)), bytes(accounts.get(0))))
                .isEqualTo(right.get(0));
        assertThat(store.redis.hget(key(accounts.get(1)), bytes(accounts.get(1))))
                .isEqualTo(bytes("GOLD=7"));
        assertThat(store.redis.hget(key(accounts.get(2)), bytes(accounts.get(2))))
                .isEqualTo(bytes("GOLD=7"));
        assertThatThrownBy(() -> rebuild(settings()))
                .isInstanceOf(RebuildException.class)
                .hasMessageContaining("another rebuild of this Redis is under way");
        assertThatThrownBy(() -> repair("nobody")).isInstanceOf(RebuildException.class);
        Eventually.holds(() -> assertThat(rebuild(settings()).isSwapped()).isTrue());
        StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");
        assertNothingIsLeftBeside();
        assertThat(store.dump().keySet()).noneMatch(key -> key.endsWith(":rebuild"));
    }

    private ProjectionStore next() {
        return new ProjectionStore(new RedisEndpoint(RedisSettings.of(uri)).link(), new RedisKeys("").next());
    }

    @Test
    void oneThatFailsBeforeTheSwapChangesNothing() {
        project();
        put("nobody", "GOLD=7");
        Map<String, byte[]> before = store.dump();
        Runnable failing = () -> {
            throw new IllegalStateException("killed");
        };
        try (RedisRebuild rebuild = new RedisRebuild(settings(), RedisSettings.of(uri), failing)) {
            assertThatThrownBy(() -> rebuild.run(RebuildProgress.Listener.NONE)).hasMessage("killed");
        }

        Map<String, byte[]> after = store.dump();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((key, value) -> assertThat(after.get(key)).as(key).isEqualTo(value));
    }

    @Test
    void whatIsTrueForAnotherJournalIsLeftAloneUnlessForced() throws Exception {
        project();
        TestLedger other = new TestLedger(SHARDS);
        other.define("TIN", 0);
        other.workload(new SplittableRandom(9), "TIN", 30, 300);
        try (TestJournal others = new TestJournal(other)) {
            others.write();
            RebuildSettings settings = RebuildSettings.of(TestJournal.kafka(), others.topics, other.router());
            RebuildReport report = rebuild(settings);

            assertThat(report.isSwapped()).isFalse();
            assertThat(report.differences()).isEqualTo(SHARDS);
            assertThat(report.notes()).hasSize(SHARDS).allMatch(note -> note.contains("left alone"));
            StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");

            assertThat(rebuild(settings.byForce()).isSwapped()).isTrue();
            StoreCheck.assertEqual(store.balances, other, "TIN");
            assertNothingIsLeftBeside();
        }
    }

    @Test
    void anEmptyStoreAndADamagedPositionAreFilled() {
        RebuildReport report = rebuild(settings());
        assertThat(report.isSwapped()).isTrue();
        assertThat(report.notes()).hasSize(SHARDS).allMatch(note -> note.contains("nothing to compare"));
        StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");

        store.redis.set(bytes("{s1}:position"), bytes("broken"));
        assertThat(rebuild(settings().byForce()).differences()).isEqualTo(1);
        StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER");
        store.redis.set(bytes("{s1}:position"), bytes("9999 1 1 1 0"));
        assertThatThrownBy(() -> rebuild(settings())).isInstanceOf(RebuildException.class);
    }

    @Test
    void underLoadNobodySeesThePastAndNoMessageIsLost() throws Exception {
        String namespace = "rebuild:";
        RedisSettings redis = RedisSettings.of(uri).withNamespace(namespace);
        try (Scenario scenario = new Scenario(20261126);
                Subscriber subscriber = new Subscriber(uri, namespace)) {
            RedisBalances balances = scenario.project(redis).service.balances();
            scenario.awaitAnswers(balances);
            // Where the witnesses do not look, and the load does not go.
            int shard = scenario.router.shardOf("nobody");
            RedisKeys keys = new RedisKeys(namespace);
            store.redis.hset(bytes(keys.accounts(shard, "nobody")), bytes("nobody"), bytes("frozen"));
            store.redis.zadd(bytes(keys.leaderboard(shard, "SILVER")), -1, bytes("ghost"));
            Witness witness = scenario.witness(balances);
            try (Monotone monotone = new Monotone(balances);
                    RedisRebuild rebuild = new RedisRebuild(scenario.rebuild(), redis)) {
                RebuildReport report = rebuild.run(RebuildProgress.Listener.NONE);
                assertThat(report.isSwapped()).isTrue();
                assertThat(bySubject(report)).containsOnlyKeys("nobody", "leaderboard of SILVER");
                for (int round = 0; round < 3; round++) {
                    assertThat(rebuild.run(RebuildProgress.Listener.NONE).isSwapped())
                            .isTrue();
                }
                scenario.awaitProgress(balances, Scenario.ALL);
                monotone.check();
            }
            assertThat(witness.refused()).isZero();
            scenario.awaitEqual(balances);
            assertVersionsAreGapless(subscriber.receivedUntilNow());
        }
    }

    private static void assertVersionsAreGapless(List<Subscriber.Message> messages) throws JsonProcessingException {
        Map<String, Long> last = new HashMap<>();
        for (Subscriber.Message message : messages) {
            JsonNode json = JSON.readTree(message.text());
            // An account of a channel is on one shard, issuers included.
            if (message.channel().startsWith("account:") && json.has("version")) {
                long version = json.path("version").longValue();
                Long before = last.put(message.channel(), version);
                if (before != null) {
                    assertThat(version).as(message.channel()).isEqualTo(before + 1);
                }
            }
        }
        assertThat(last).hasSizeGreaterThan(Scenario.ACCOUNTS / 2);
    }

    /** Watches that no position goes back and that every question is answered. */
    private static final class Monotone implements AutoCloseable {
        private final CountDownLatch closing = new CountDownLatch(1);
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private final Thread thread;

        Monotone(RedisBalances balances) {
            thread = Thread.ofPlatform().name("monotone").daemon().start(() -> watch(balances));
        }

        private void watch(RedisBalances balances) {
            try {
                List<Position> last = balances.positions();
                while (closing.getCount() > 0) {
                    List<Position> now = balances.positions();
                    for (int shard = 0; shard < now.size(); shard++) {
                        assertThat(now.get(shard).sequence())
                                .isGreaterThanOrEqualTo(last.get(shard).sequence());
                    }
                    last = now;
                }
            } catch (Throwable e) {
                failure.set(e);
            }
        }

        void check() {
            assertThat(failure.get()).isNull();
        }

        @Override
        public void close() {
            closing.countDown();
            Threads.join(thread);
            check();
        }
    }
}
