package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.Notification;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.projection.redis.Subscriber.Message;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.testkit.TestServices;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a subscriber gets. */
class NotificationsIT {
    private static final int SHARDS = 3;
    private static final String NAMESPACE = "notifications-it:";

    private final TestLedger ledger = new TestLedger(SHARDS);
    private final SplittableRandom random = new SplittableRandom(20261125);
    private final String uri = TestServices.redis().freshDatabase();
    private final TestStore store = new TestStore(uri, ledger.router(), NAMESPACE);
    private final Subscriber subscriber = new Subscriber(uri, NAMESPACE);
    private final List<AutoCloseable> opened = new ArrayList<>();
    private TestJournal journal;

    @BeforeEach
    void journal() throws Exception {
        journal = new TestJournal(ledger);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable closeable : opened.reversed()) {
            closeable.close();
        }
        journal.close();
        subscriber.close();
        store.close();
    }

    @Test
    void everyPostingIsToldInOrder() {
        TestProjection projection = startOnEmptyJournal();
        int[] before = sequences();
        work();
        journal.write();
        awaitEqual();

        assertReceivedSince(before);
        assertThat(subscriber.received()).hasSizeGreaterThan(1_000);
        assertFollowsTheBalances();
        Eventually.holds(() -> assertThat(projection
                        .metrics
                        .registry()
                        .get("ledger.projection.redis.notifications")
                        .counter()
                        .count())
                .isEqualTo((double) subscriber.received().stream()
                        .filter(message -> message.channel().startsWith("account:"))
                        .count()));
    }

    @Test
    void everyMessageIsWhatItsSchemaSays() {
        startOnEmptyJournal();
        work();
        journal.write();
        awaitEqual();
        Schema schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("classpath:schemas/v1/notification.json"));

        assertThat(subscriber.receivedUntilNow())
                .allSatisfy(message -> assertThat(schema.validate(message.text(), InputFormat.JSON))
                        .isEmpty());
        assertThat(subscriber.received().stream()
                        .map(message -> json(message.text()).get("type").textValue()))
                .contains("TransferPosted", "TransferSent", "TransferReceived", "AccountFrozen", "AccountClosed");
    }

    @Test
    void onePostingInFull() {
        startOnEmptyJournal();
        ledger.define("GOLD", 2);
        ledger.mint("GOLD", "till{acme}", "99999999999999999999999999999999999999");
        ledger.transfer("GOLD", "till{acme}", "\"ö\"{acme}", "7");
        ledger.freeze("till{acme}");
        journal.write();
        awaitEqual();

        int shard = ledger.router().shardOf("till{acme}");
        assertThat(subscriber.receivedUntilNow().stream()
                        .filter(message -> message.channel().equals("account:\"ö\"{acme}"))
                        .map(message -> json(message.text())))
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.get("position").textValue())
                            .isEqualTo(shard + ":" + (ledger.sequence(shard) - 1));
                    assertThat(message.get("type").textValue()).isEqualTo("TransferPosted");
                    assertThat(message.get("kind").textValue()).isEqualTo("transfer");
                    assertThat(message.get("asset").textValue()).isEqualTo("GOLD");
                    assertThat(message.get("amount").textValue()).isEqualTo("7");
                    assertThat(message.get("balance").textValue()).isEqualTo("7");
                    assertThat(message.get("version").longValue()).isEqualTo(1);
                    assertThat(message.get("counterparty").textValue()).isEqualTo("till{acme}");
                });
        assertThat(subscriber.received().stream()
                        .filter(message -> message.channel().equals("account:till{acme}"))
                        .map(message -> json(message.text()).path("balance").asText("frozen")))
                .containsExactly(
                        "99999999999999999999999999999999999999", "99999999999999999999999999999999999992", "frozen");
        assertThat(subscriber.received().stream()
                        .filter(message -> message.channel().equals("asset:GOLD"))
                        .map(message -> json(message.text()).get("account").textValue()))
                .containsExactlyInAnyOrder("@GOLD", "till{acme}", "till{acme}", "\"ö\"{acme}");
    }

    @Test
    void nothingIsToldWhileTheStoreIsRebuilt() {
        work();
        journal.write();
        opened.add(new TestProjection(settings()));
        awaitEqual();
        assertThat(subscriber.receivedUntilNow()).isEmpty();

        for (int round = 0; round < 2; round++) {
            int[] before = sequences();
            int already = subscriber.receivedUntilNow().size();
            work();
            journal.write();
            awaitEqual();
            List<Message> received = subscriber.receivedUntilNow();
            assertThat(byShard(received.subList(already, received.size()))).isEqualTo(byShard(expected(before)));

            store.redis.flushdb();
            awaitEqual();
            assertThat(subscriber.receivedUntilNow()).hasSameSizeAs(received);
        }
    }

    @Test
    void aBatchThatIsNotAppliedTellsNothing() {
        ledger.define("GOLD", 2);
        ledger.mint("GOLD", "alice", "5");
        int shard = ledger.router().shardOf("alice");
        List<byte[]> records = ledger.journal(shard);
        store.store.clear(shard, "", Batches.START);
        ShardBatch first = batch(shard, Batches.START, records.subList(0, records.size() - 1));
        ShardBatch second = batch(shard, first.to(), records.subList(records.size() - 1, records.size()));

        assertThat(store.apply(second)).isEqualTo(Batches.START.text());
        assertThat(subscriber.receivedUntilNow()).isEmpty();
        store.apply(first);
        store.apply(first);
        assertThat(store.apply(second)).isEqualTo(second.to().text());
        assertThat(store.apply(second)).isEqualTo(second.to().text());

        assertThat(subscriber.receivedUntilNow()).containsExactlyElementsOf(expected(shard, 0));
        assertThat(subscriber.received()).extracting(Message::channel).contains("account:alice", "asset:GOLD");
    }

    @Test
    void nothingIsToldWhenItIsTurnedOff() {
        opened.add(TestProjection.ready(settings().withNotifying(false)));
        work();
        journal.write();
        awaitEqual();

        assertThat(subscriber.receivedUntilNow()).isEmpty();
    }

    @Test
    void whoMayNotPublishIsToldAndAppliesNothing() {
        try (EmbeddedRedis redis = EmbeddedRedis.start(ServerConfig.fresh());
                Subscriber all = new Subscriber(redis.uri(), "")) {
            RedisClient admin = RedisClient.create(redis.uri());
            admin.connect()
                    .sync()
                    .aclSetuser(
                            "projector",
                            AclSetuserArgs.Builder.on()
                                    .addPassword("secret")
                                    .allKeys()
                                    .allCommands()
                                    .resetChannels());
            String restricted = redis.uri().replace("redis://", "redis://projector:secret@");
            try (TestProjection projection = TestProjection.ready(RedisProjectionSettings.of(
                    TestJournal.kafka(), journal.topics, ledger.router(), RedisSettings.of(restricted)))) {
                RedisBalances balances = projection.service.balances();
                ledger.define("GOLD", 2);
                ledger.mint("GOLD", "alice", "5");
                journal.write();
                Eventually.holds(() -> assertThat(projection.report().detail())
                        .contains("may not publish to account:", "turn notifications off"));
                assertThat(balances.account("alice").value()).isEmpty();

                admin.connect()
                        .sync()
                        .aclSetuser(
                                "projector",
                                AclSetuserArgs.Builder.channelPattern("account:*")
                                        .channelPattern("asset:*"));
                Eventually.holds(() -> StoreCheck.assertEqual(balances, ledger, "GOLD"));
                Eventually.holds(() -> assertThat(projection.report().status()).isEqualTo(Health.Status.UP));
                assertThat(all.receivedUntilNow().stream().map(Message::channel))
                        .containsExactlyInAnyOrder("account:@GOLD", "asset:GOLD", "account:alice", "asset:GOLD");
            }
            admin.shutdown();
        }
    }

    @Test
    void aBatchOfWhichOneChannelIsForbiddenIsNotAppliedByHalves() {
        ledger.define("GOLD", 2);
        ledger.open("alice");
        ledger.mint("GOLD", "alice", "5");
        int shard = ledger.router().shardOf("alice");
        ShardBatch batch = batch(shard, Batches.START, ledger.journal(shard));
        try (EmbeddedRedis redis = EmbeddedRedis.start(ServerConfig.fresh())) {
            RedisClient admin = RedisClient.create(redis.uri());
            admin.connect()
                    .sync()
                    .aclSetuser(
                            "projector",
                            AclSetuserArgs.Builder.on()
                                    .addPassword("secret")
                                    .allKeys()
                                    .allCommands()
                                    .resetChannels()
                                    .channelPattern("account:*"));
            admin.shutdown();
            String restricted = redis.uri().replace("redis://", "redis://projector:secret@");
            try (TestStore limited = new TestStore(restricted, ledger.router())) {
                limited.store.clear(shard, "", Batches.START);

                // The first message, that the account was opened, is of no asset.
                assertThatThrownBy(() -> limited.apply(batch)).hasMessageContaining("may not publish to asset:GOLD");
                assertThat(limited.dump()).containsOnlyKeys("{s" + shard + "}:position");
            }
        }
    }

    @Test
    void aClusterTellsTheSame() {
        ServerConfig config =
                ServerConfig.fresh().withSetting("cluster-enabled", "yes").withSetting("databases", "1");
        try (EmbeddedRedis redis = EmbeddedRedis.start(config)) {
            try (TestStore node = new TestStore(redis.uri(), ledger.router())) {
                node.redis.clusterAddSlots(IntStream.range(0, 16_384).toArray());
                Eventually.holds(() -> assertThat(node.redis.clusterInfo()).contains("cluster_state:ok"));
            }
            RedisSettings settings = RedisSettings.cluster(redis.uri()).withNamespace("live:");
            try (Subscriber live = new Subscriber(redis.uri(), "live:");
                    TestProjection projection = TestProjection.ready(RedisProjectionSettings.of(
                            TestJournal.kafka(), journal.topics, ledger.router(), settings))) {
                int[] before = sequences();
                work();
                journal.write();
                RedisBalances balances = projection.service.balances();
                Eventually.holds(() -> StoreCheck.assertEqual(balances, ledger, "GOLD"));

                assertThat(byShard(live.receivedUntilNow())).isEqualTo(byShard(expected(before)));
            }
        }
    }

    private void work() {
        if (ledger.accounts(ledger.router().shardOf("@GOLD")).get("@GOLD") == null) {
            ledger.define("GOLD", 2);
        }
        ledger.workload(random, "GOLD", 30, 300);
        ledger.statuses(random, "GOLD", 30, 60);
        String hold = ledger.hold("GOLD", "u1", "3");
        ledger.capture(hold, "u1", "u2", "1");
        ledger.voidHold(hold, "u1");
        ledger.transact("GOLD u3{x} u4{x} 1", "GOLD u4{x} u3{x} 1");
    }

    private int[] sequences() {
        return IntStream.range(0, SHARDS)
                .map(shard -> (int) ledger.sequence(shard))
                .toArray();
    }

    private void assertReceivedSince(int[] sequences) {
        assertThat(byShard(subscriber.receivedUntilNow())).isEqualTo(byShard(expected(sequences)));
    }

    /** What there is to tell of what was journaled after these sequences. */
    private List<Message> expected(int[] sequences) {
        return IntStream.range(0, SHARDS)
                .boxed()
                .flatMap(shard -> expected(shard, sequences[shard]).stream())
                .toList();
    }

    private List<Message> expected(int shard, int sequence) {
        List<Message> expected = new ArrayList<>();
        List<byte[]> records = ledger.journal(shard);
        for (byte[] entry : records.subList(sequence, records.size())) {
            for (Notification notification :
                    Notification.of(JournalCodec.decode(entry).entry())) {
                expected.add(new Message("account:" + notification.account(), notification.json()));
                if (notification.asset() != null) {
                    expected.add(new Message("asset:" + notification.asset(), notification.json()));
                }
            }
        }
        return expected;
    }

    /** The messages of each shard in their order; between shards there is none. */
    private static Map<Integer, List<Message>> byShard(List<Message> messages) {
        Map<Integer, List<Message>> byShard = new HashMap<>();
        for (Message message : messages) {
            String position = json(message.text()).get("position").textValue();
            int shard = Integer.parseInt(position.substring(0, position.indexOf(':')));
            byShard.computeIfAbsent(shard, added -> new ArrayList<>()).add(message);
        }
        return byShard;
    }

    /** Versions of an account have no gaps, and whoever follows its messages has its balances. */
    private void assertFollowsTheBalances() {
        Map<String, Long> versions = new HashMap<>();
        Map<String, Map<String, BigInteger>> balances = new HashMap<>();
        for (Message received : subscriber.received()) {
            JsonNode message = json(received.text());
            if (received.channel().startsWith("account:") && message.has("version")) {
                String account = message.get("account").textValue();
                long version = message.get("version").longValue();
                assertThat(version).isEqualTo(versions.getOrDefault(account, 0L) + 1);
                versions.put(account, version);
                balances.computeIfAbsent(account, added -> new HashMap<>())
                        .put(
                                message.get("bucket").textValue(),
                                new BigInteger(message.get("balance").textValue()));
            }
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            ledger.accounts(shard).forEach((account, holdings) -> {
                if (!AccountId.isClearing(account)) {
                    Map<String, BigInteger> known = balances.getOrDefault(account, Map.of());
                    BigInteger sum = known.values().stream().reduce(BigInteger.ZERO, BigInteger::add);
                    assertThat(sum)
                            .isEqualTo(holdings.stream().map(Holding::total).reduce(BigInteger.ZERO, BigInteger::add));
                }
            });
        }
    }

    private static ShardBatch batch(int shard, StorePosition from, List<byte[]> records) {
        ShardBatch batch = new ShardBatch(shard, from, true);
        for (byte[] record : records) {
            batch.add(JournalCodec.decode(record), batch.to().offset(), record.length);
        }
        return batch;
    }

    private void awaitEqual() {
        Eventually.holds(() -> StoreCheck.assertEqual(store.balances, ledger, "GOLD"));
    }

    private RedisProjectionSettings settings() {
        return RedisProjectionSettings.of(
                TestJournal.kafka(),
                journal.topics,
                ledger.router(),
                RedisSettings.of(uri).withNamespace(NAMESPACE));
    }

    private TestProjection startOnEmptyJournal() {
        TestProjection projection = TestProjection.ready(settings());
        opened.add(projection);
        return projection;
    }

    private static JsonNode json(String text) {
        return Json.object(text.getBytes(StandardCharsets.UTF_8));
    }
}
