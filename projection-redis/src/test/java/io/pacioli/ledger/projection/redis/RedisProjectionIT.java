package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.service.ConfigurationException;
import io.pacioli.ledger.service.GroupSession;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.testkit.LeaderlessPartitions;
import io.pacioli.ledger.testkit.TestServices;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class RedisProjectionIT {
    private static final int SHARDS = 4;

    /** Room for a busy machine, and not enough for a session of 10 s. */
    private static final Duration REPLACED_MAX = Duration.ofSeconds(8);

    private static final Logger LOG = LoggerFactory.getLogger(RedisProjectionIT.class);

    private final TestLedger ledger = new TestLedger(SHARDS);
    private final SplittableRandom random = new SplittableRandom(20261123);
    private final String uri = TestServices.redis().freshDatabase();
    private final TestStore store = new TestStore(uri, ledger.router());
    private final List<AutoCloseable> opened = new ArrayList<>();
    private TestJournal journal;

    @BeforeEach
    void journal() throws Exception {
        journal = new TestJournal(ledger);
        ledger.define("GOLD", 2);
        ledger.define("SILVER", 0);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened.reversed()) {
            closeable.close();
        }
        journal.close();
        store.close();
    }

    @Test
    void everythingInTheJournalGetsIntoTheStore() {
        ledger.open("nobody");
        work();
        journal.write();
        TestProjection projection = start();
        awaitEqual();

        work();
        journal.write();
        awaitEqual();

        assertThat(ledger.statuses()).containsValues(AccountStatus.values());
        assertThat(store.balances.account("nobody").value())
                .contains(new AccountBalances("nobody", AccountStatus.OPEN, List.of()));
        Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
        Eventually.holds(() -> assertThat(projection.applied()).isEqualTo((double) entries()));
        assertThat(projection.shards()).containsExactly("0", "1", "2", "3");
        assertThat(projection.metrics.registry().scrape("text/plain"))
                .contains(
                        "ledger_projection_redis_lag{shard=\"0\"} 0.0", "ledger_projection_redis_batch_seconds_count");
    }

    @Test
    void anEmptyJournalIsReadyAtOnce() throws Exception {
        try (TestJournal empty = new TestJournal(ledger)) {
            TestProjection projection = opened(TestProjection.of(empty, ledger, uri));

            Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
            assertThat(store.balances.account("alice").value()).isEmpty();
        }
    }

    @Test
    void aNewInstanceContinuesWhereTheLastOneStopped() {
        work();
        journal.write();
        TestProjection first = start();
        awaitEqual();
        first.close();

        work();
        double missing = entries() - first.applied();
        journal.write();
        TestProjection second = start();
        awaitEqual();

        assertThat(first.applied()).isPositive();
        Eventually.holds(() -> assertThat(second.applied()).isEqualTo(missing));
    }

    @Test
    void aCrashBetweenBatchesIsNotNoticed() {
        work();
        journal.write();
        long applied = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            store.store.clear(shard, "", Batches.START);
            ShardBatch batch = new ShardBatch(shard, Batches.START, false);
            for (ConsumerRecord<byte[], byte[]> record : journal.read(shard).subList(0, 20 + 7 * shard)) {
                batch.add(JournalCodec.decode(record.value()), record.offset(), record.value().length);
            }
            assertThat(store.apply(batch)).isEqualTo(batch.to().text());
            applied += batch.entries();
        }
        TestProjection projection = start();
        awaitEqual();

        double missing = (double) entries() - applied;
        Eventually.holds(() -> assertThat(projection.applied()).isEqualTo(missing));
    }

    @Test
    void aStoreThatIsLostIsRebuilt() {
        work();
        journal.write();
        start();
        awaitEqual();

        for (int round = 0; round < 3; round++) {
            store.redis.flushdb();
            assertThatThrownBy(store.balances::positions).isInstanceOf(StoreUnavailableException.class);
            if (round > 0) {
                work();
                journal.write();
            }
            awaitEqual();
        }
    }

    @Test
    void aStoreThatIsLostUnderLoadIsRebuilt() {
        start();
        for (int round = 0; round < 8; round++) {
            work();
            journal.write();
            if (round % 4 == 2) {
                store.redis.flushdb();
            }
        }
        awaitEqual();
    }

    @Test
    void anOlderStoreIsBroughtUpToDate() {
        work();
        journal.write();
        TestProjection projection = start();
        awaitEqual();
        Map<String, byte[]> older = store.dump();
        work();
        journal.write();
        awaitEqual();

        store.restore(older);
        awaitEqual();
        store.restore(older);
        work();
        journal.write();
        awaitEqual();
        Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
    }

    @Test
    void instancesShareTheShardsAndTakeOver() {
        TestProjection first = start();
        TestProjection second = start();
        Eventually.holds(() -> {
            assertThat(first.shards()).hasSize(SHARDS / 2);
            assertThat(second.shards()).hasSize(SHARDS / 2).doesNotContainAnyElementsOf(first.shards());
        });
        work();
        journal.write();
        awaitEqual();
        assertThat(first.applied()).isPositive();
        assertThat(second.applied()).isPositive();

        first.close();
        work();
        journal.write();
        awaitEqual();
        assertThat(second.shards()).hasSize(SHARDS);
        TestProjection third = start();
        work();
        journal.write();
        awaitEqual();
        Eventually.holds(() -> assertThat(third.shards()).hasSize(SHARDS / 2));
    }

    @Test
    void twoInstancesThatBothProjectEveryShardDoNoHarm() {
        start();
        opened(new TestProjection(settings().withGroup("another")));
        for (int round = 0; round < 10; round++) {
            work();
            journal.write();
        }
        awaitEqual();
    }

    @Test
    void aGapStopsItsShardLoudlyAndNoOther() {
        work();
        journal.write();
        TestProjection projection = start();
        awaitEqual();
        int damaged = ledger.router().shardOf("alice");
        long before = ledger.sequence(damaged);
        ledger.mint("GOLD", "alice", "1");
        journal.skip(damaged);
        work();
        journal.write();

        Eventually.holds(() -> {
            assertThat(projection.report().status()).isEqualTo(Health.Status.DOWN);
            assertThat(projection.report().detail())
                    .contains(
                            "shard " + damaged, "sequences must be gapless: entry=" + (before + 2) + " last=" + before);
        });
        Eventually.holds(() -> {
            for (int shard = 0; shard < SHARDS; shard++) {
                assertThat(store.balances.sequence(shard))
                        .isEqualTo(shard == damaged ? before : ledger.sequence(shard));
            }
        });
    }

    @Test
    void anInstanceThatIsKilledIsReplacedWithinSeconds() throws Exception {
        work();
        journal.write();
        TestProjection survivor = start();
        awaitEqual();
        KilledProjector.with(SHARDS / 2, journal, SHARDS, uri);
        long killedNanos = System.nanoTime();
        assertThat(survivor.shards()).hasSize(SHARDS / 2);

        work();
        journal.write();
        awaitEqual();
        Duration replaced = Duration.ofNanos(System.nanoTime() - killedNanos);
        LOG.info("Replaced after {} ms", replaced.toMillis());
        assertThat(replaced).isLessThan(REPLACED_MAX);
        assertThat(survivor.shards()).hasSize(SHARDS);
    }

    @Test
    void brokersThatAllowNoShortSessionAreAskedForALongerOne() throws Exception {
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(ServerConfig.fresh().withSetting("group.min.session.timeout.ms", "6000"))) {
            Map<String, String> strict = Map.of("bootstrap.servers", kafka.bootstrapServers());
            try (TestJournal strictJournal = new TestJournal(ledger, strict);
                    TestProjection projection = new TestProjection(RedisProjectionSettings.of(
                            strict, strictJournal.topics, ledger.router(), RedisSettings.of(uri)))) {
                work();
                strictJournal.write();
                awaitEqual();
                Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
            }
        }
    }

    @Test
    void anOperatorsOwnSessionIsNotReplacedWhenBrokersRefuseIt() {
        Map<String, String> kafka = new HashMap<>(TestJournal.kafka());
        kafka.put("session.timeout.ms", "2000");
        TestProjection projection = opened(new TestProjection(
                RedisProjectionSettings.of(kafka, journal.topics, ledger.router(), RedisSettings.of(uri))));

        Eventually.holds(() -> assertThat(projection.report().detail()).contains("group.min.session.timeout.ms"));
        assertThat(projection.report().status()).isEqualTo(Health.Status.DOWN);
        assertThat(projection.service.stopped()).isNotDone();
    }

    @Test
    void aShardThatNobodyLeadsStopsNoOther() throws Exception {
        work();
        journal.write();
        LeaderlessPartitions leaderless =
                new LeaderlessPartitions(List.of(new TopicPartition(journal.topics.journal(), 1)));
        Health health = new Health();
        Projector projector = new Projector(
                journal.topics.journal(),
                () -> leaderless.seenBy(consumer()),
                new GroupSession(Map.of()),
                store.store,
                new ProjectionMetrics(new SimpleMeterRegistry()),
                false,
                health.component("projector"),
                new CompletableFuture<>());
        opened.add(() -> {
            projector.stop();
            projector.stopped().get(30, TimeUnit.SECONDS);
        });
        Thread.ofPlatform().start(projector);

        Eventually.holds(() -> {
            for (int shard = 0; shard < SHARDS; shard++) {
                assertThat(store.balances.sequence(shard)).isEqualTo(shard == 1 ? 0 : ledger.sequence(shard));
            }
            assertThat(health.reports().getFirst().detail())
                    .startsWith("shard 1: nobody leads its partition of the journal");
        });
        leaderless.elect();
        awaitEqual();
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>(TestJournal.kafka());
        config.put("group.id", journal.topics.journal());
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Test
    void theStoreOfAnotherLedgerAnswersNobodyUntilItsJournalIsBackOrItIsDeleted() throws Exception {
        work();
        journal.write();
        start();
        awaitEqual();
        opened.removeLast().close();
        TestLedger other = new TestLedger(SHARDS);
        other.define("COPPER", 0);
        other.workload(random, "COPPER", 10, 400);
        try (TestJournal otherJournal = new TestJournal(other)) {
            otherJournal.write();
            Map<String, byte[]> before = dumpWithoutPositions();
            TestProjection projection = opened(TestProjection.of(otherJournal, other, uri));
            Eventually.holds(() -> assertThat(projection.report().detail()).contains("shard 0: ", "shard 3: "));
            Eventually.holds(() -> assertThat(projection.shards()).isEmpty());
            for (int shard = 0; shard < SHARDS; shard++) {
                String known = accountOn(shard);
                Eventually.holds(() -> assertThatThrownBy(() -> store.balances.account(known))
                        .isInstanceOfSatisfying(
                                StoreUnavailableException.class,
                                e -> assertThat(e.code()).isEqualTo("STORE_OF_ANOTHER_JOURNAL")));
            }
            assertThat(dumpWithoutPositions()).containsExactlyInAnyOrderEntriesOf(before);

            // The other one sees that somebody knows better, and does not interfere again.
            start();
            work();
            journal.write();
            awaitEqual();
            opened.removeLast().close();

            store.redis.flushdb();
            Eventually.holds(() -> StoreCheck.assertEqual(store.balances, other, "COPPER"));
            Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
        }
    }

    @Test
    void aPositionThatIsNoneIsTold() {
        work();
        journal.write();
        TestProjection projection = start();
        awaitEqual();

        store.redis.set("{s1}:position".getBytes(StandardCharsets.UTF_8), "x".getBytes(StandardCharsets.UTF_8));
        Eventually.holds(() -> assertThat(projection.report().detail())
                .startsWith("shard 1: Redis holds a position that this version cannot continue: position must be '2 "));
        store.redis.del("{s1}:position".getBytes(StandardCharsets.UTF_8));
        awaitEqual();
        Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
    }

    @Test
    void aStoreOfAnOlderLayoutIsRebuiltAndAnswersNothingUntilThen() throws Exception {
        work();
        journal.write();
        start();
        awaitEqual();
        opened.removeLast().close();
        for (int shard = 0; shard < SHARDS; shard++) {
            byte[] key = ("{s" + shard + "}:position").getBytes(StandardCharsets.UTF_8);
            String position = new String(store.redis.get(key), StandardCharsets.UTF_8);
            store.redis.set(key, position.replaceFirst("2", "1").getBytes(StandardCharsets.UTF_8));
        }
        store.redis.hset(
                "{s0}:accounts:7".getBytes(StandardCharsets.UTF_8),
                "left-over".getBytes(StandardCharsets.UTF_8),
                "GOLD=1".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(store.balances::positions)
                .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        e -> assertThat(e.code()).isEqualTo("STORE_REBUILDING"));

        TestProjection projection = start();
        awaitEqual();
        Eventually.holds(() -> assertThat(projection.applied()).isEqualTo((double) entries()));
    }

    @Test
    void aStoreOfANewerLayoutIsLeftAlone() {
        work();
        journal.write();
        TestProjection projection = start();
        awaitEqual();
        byte[] key = "{s1}:position".getBytes(StandardCharsets.UTF_8);
        byte[] newer = "3 something else".getBytes(StandardCharsets.UTF_8);
        store.redis.set(key, newer);

        Eventually.holds(() -> assertThat(projection.report().detail())
                .startsWith("shard 1: ")
                .contains("position must not be of a layout newer than 2: 3 something else"));
        assertThatThrownBy(store.balances::positions)
                .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        e -> assertThat(e.code()).isEqualTo("STORE_TOO_NEW"));
        assertThat(store.redis.get(key)).isEqualTo(newer);
    }

    @Test
    void redisMayGoAndComeBack(@TempDir Path directory) {
        EmbeddedRedis redis = EmbeddedRedis.start(ServerConfig.in(directory));
        String address = redis.uri();
        TestProjection projection = opened(TestProjection.of(journal, ledger, address));
        RedisBalances balances = projection.service.balances();
        try {
            work();
            journal.write();
            Eventually.holds(() -> StoreCheck.assertEqual(balances, ledger, "GOLD"));
            redis.close();
            Eventually.holds(() -> assertThat(projection.report().status()).isEqualTo(Health.Status.DOWN));
            assertThatThrownBy(() -> balances.account("alice")).isInstanceOf(StoreUnavailableException.class);
            work();
            journal.write();
        } finally {
            redis.close();
        }
        try (EmbeddedRedis again =
                EmbeddedRedis.start(ServerConfig.in(directory).withPort(redis.port()))) {
            assertThat(again.uri()).isEqualTo(address);
            Eventually.holds(() -> StoreCheck.assertEqual(balances, ledger, "GOLD"));
            Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
            projection.close();
        }
    }

    @Test
    void aClusterTakesTheSameScripts() {
        ServerConfig config =
                ServerConfig.fresh().withSetting("cluster-enabled", "yes").withSetting("databases", "1");
        try (EmbeddedRedis redis = EmbeddedRedis.start(config)) {
            try (TestStore node = new TestStore(redis.uri(), ledger.router())) {
                node.redis.clusterAddSlots(IntStream.range(0, 16_384).toArray());
                Eventually.holds(() -> assertThat(node.redis.clusterInfo()).contains("cluster_state:ok"));
            }
            RedisSettings settings = RedisSettings.cluster(redis.uri()).withNamespace("live:");
            work();
            journal.write();
            try (TestProjection projection = new TestProjection(
                    RedisProjectionSettings.of(TestJournal.kafka(), journal.topics, ledger.router(), settings))) {
                RedisBalances balances = projection.service.balances();
                Eventually.holds(() -> StoreCheck.assertEqual(balances, ledger, "GOLD", "SILVER"));
            }
        }
    }

    @Test
    void aStoreThatMayEvictIsRefused() {
        ServerConfig config =
                ServerConfig.fresh().withSetting("maxmemory", "100mb").withSetting("maxmemory-policy", "allkeys-lru");
        try (EmbeddedRedis redis = EmbeddedRedis.start(config);
                TestProjection projection = TestProjection.of(journal, ledger, redis.uri())) {
            Eventually.holds(
                    () -> assertThat(projection.report().detail()).contains("set maxmemory-policy to noeviction"));
        }
    }

    @Test
    void wrongSettingsAreToldAtOnce() {
        assertThatThrownBy(() ->
                        RedisProjectionSettings.of(Map.of(), journal.topics, ledger.router(), RedisSettings.of(uri)))
                .isInstanceOf(ConfigurationException.class);
        Map<String, String> wrong = Map.of("bootstrap.servers", "nowhere", "security.protocol", "WRONG");
        try (RedisProjection projection = new RedisProjection(
                RedisProjectionSettings.of(wrong, journal.topics, ledger.router(), RedisSettings.of(uri)),
                new Health(),
                new Metrics())) {
            assertThatThrownBy(projection::start).hasMessageContaining("security.protocol");
        }
    }

    private void work() {
        ledger.workload(random, "GOLD", 30, 300);
        ledger.workload(random, "SILVER", 10, 30);
        ledger.statuses(random, "GOLD", 30, 40);
    }

    private Map<String, byte[]> dumpWithoutPositions() {
        Map<String, byte[]> dump = store.dump();
        dump.keySet().removeIf(key -> key.endsWith(":position"));
        return dump;
    }

    private String accountOn(int shard) {
        return IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> "u" + i)
                .filter(account -> ledger.router().shardOf(account) == shard)
                .findFirst()
                .orElseThrow();
    }

    private long entries() {
        long entries = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            entries += ledger.sequence(shard);
        }
        return entries;
    }

    private void awaitEqual() {
        Eventually.holds(() -> StoreCheck.assertEqual(store.balances, ledger, "GOLD", "SILVER"));
    }

    private RedisProjectionSettings settings() {
        return RedisProjectionSettings.of(TestJournal.kafka(), journal.topics, ledger.router(), RedisSettings.of(uri));
    }

    private TestProjection start() {
        return opened(new TestProjection(settings()));
    }

    private TestProjection opened(TestProjection projection) {
        opened.add(projection);
        return projection;
    }
}
