package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.testkit.TestServices;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ranks over all shards, compared with a list that is sorted as a whole. */
class StandingIT {
    private static final int SHARDS = 5;
    private static final int TIES = Integer.getInteger("ledger.standing.ties", 100_000);

    private final KafkaRouter router = new KafkaRouter(SHARDS);
    private final TestStore store = new TestStore(TestServices.redis().freshDatabase(), router);
    private final SplittableRandom random = new SplittableRandom(20261124);
    private final Map<String, BigInteger> totals = new HashMap<>();
    private final List<ShardBatch> batches = new ArrayList<>();

    @BeforeEach
    void begin() {
        for (int shard = 0; shard < SHARDS; shard++) {
            store.store.clear(shard, "", Batches.START);
            batches.add(new ShardBatch(shard, Batches.START, false));
        }
        Event.AssetDefined defined = new Event.AssetDefined(new Asset("GOLD", "Gold", "", "", 2, null), Map.of());
        Batches.add(batches.get(router.shardOf(AccountId.issuer("GOLD"))), defined);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void totalsOfAnyLengthAndSignAreRanked() {
        for (int i = 0; i < 400; i++) {
            put("u" + i, random(1 + random.nextInt(38)));
        }
        // 2^53 and its neighbours, and longer ones that no double tells apart.
        for (int i = 0; i < 40; i++) {
            put("near" + i, BigInteger.TWO.pow(53).add(BigInteger.valueOf(i / 4 - 5)));
            put("huge" + i, BigInteger.TEN.pow(38).subtract(BigInteger.valueOf(1 + i / 4)));
            put(
                    "minus" + i,
                    BigInteger.TEN.pow(37).add(BigInteger.valueOf(i / 4)).negate());
            put("edge" + i, BigInteger.TEN.pow(15).subtract(BigInteger.valueOf(i / 4 - 5)));
            put("ten" + i, BigInteger.TEN.pow(16 + i / 20).subtract(BigInteger.valueOf(i % 2)));
            put("same" + i, BigInteger.ONE);
            put("same-ü" + i, BigInteger.ONE);
        }
        apply();
        assertRanked(List.copyOf(totals.keySet()), 0, 1, 5, 50);
    }

    @Test
    void totalsThatChangeAreRankedAnew() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < 60; i++) {
                put(
                        "u" + random.nextInt(80),
                        random.nextInt(4) == 0 ? BigInteger.ZERO : random(15 + random.nextInt(3)));
            }
            apply();
            assertRanked(List.copyOf(totals.keySet()), 3);
        }
    }

    @Test
    void hugeRangesOfEqualScoresAreRankedFast() {
        BigInteger exact = BigInteger.valueOf(100);
        BigInteger beyond = BigInteger.TEN.pow(37);
        for (int i = 0; i < TIES; i++) {
            put("tie-" + i, i % 4 == 0 ? beyond.add(BigInteger.valueOf(i % 3)) : exact);
        }
        put("first", BigInteger.TEN.pow(38).subtract(BigInteger.ONE));
        put("last", BigInteger.valueOf(-1));
        apply();
        List<String> some = new ArrayList<>(List.of("first", "last", "tie-0", "tie-1", "tie-" + (TIES - 1)));
        for (int i = 0; i < 50; i++) {
            some.add("tie-" + random.nextInt(TIES));
        }
        long started = System.nanoTime();
        some.forEach(account -> store.balances.standing("GOLD", account, 50));
        Duration each = Duration.ofNanos((System.nanoTime() - started) / some.size());
        System.out.printf("%d ties on %d shards: %d microseconds a standing%n", TIES, SHARDS, each.toNanos() / 1_000);
        assertThat(each).isLessThan(Duration.ofMillis(250));
        assertRanked(some, 0, 50);
    }

    @Test
    void whoHasNothingHasNoRank() {
        put("alice", BigInteger.TEN);
        put("bob", BigInteger.ZERO);
        Batches.add(batches.get(router.shardOf("carol")), "carol", "SILVER", Bucket.AVAILABLE, BigInteger.ONE);
        // What is held makes up for what is owed.
        Batches.add(batches.get(router.shardOf("dora")), "dora", "GOLD", Bucket.AVAILABLE, BigInteger.valueOf(-7));
        Batches.add(batches.get(router.shardOf("dora")), "dora", "GOLD", Bucket.HELD, BigInteger.valueOf(7));
        apply();
        for (String account : List.of("bob", "carol", "dora")) {
            Standing standing = standing(account, 5);
            assertThat(standing.rank()).isNull();
            assertThat(standing.total()).isEqualTo(BigInteger.ZERO);
            assertThat(standing.count()).isEqualTo(1);
            assertThat(standing.before()).isEmpty();
            assertThat(standing.after()).isEmpty();
        }
        assertThat(standing("alice", 5).rank()).isEqualTo(1);
        assertThat(store.balances.standing("GOLD", "nobody", 5).value()).isEmpty();
        Standing nowhere = store.balances.standing("COPPER", "alice", 5).value().orElseThrow();
        assertThat(nowhere.decimals()).isNull();
    }

    private Standing standing(String account, int neighbours) {
        return store.balances.standing("GOLD", account, neighbours).value().orElseThrow();
    }

    private void assertRanked(List<String> accounts, int... neighbours) {
        List<Leader> unranked = new ArrayList<>();
        totals.forEach((account, total) -> {
            if (total.signum() != 0) {
                unranked.add(new Leader(0, account, total));
            }
        });
        unranked.sort(Leader.ORDER);
        Map<String, Integer> places = new HashMap<>();
        List<Leader> all = IntStream.range(0, unranked.size())
                .mapToObj(i -> unranked.get(i).ranked(i + 1))
                .toList();
        all.forEach(leader -> places.put(leader.account(), leader.rank()));
        for (String account : accounts) {
            for (int around : neighbours) {
                Standing standing = standing(account, around);
                Integer rank = places.get(account);
                assertThat(standing.rank()).as(account).isEqualTo(rank);
                assertThat(standing.total()).as(account).isEqualTo(totals.get(account));
                assertThat(standing.count()).isEqualTo(all.size());
                if (rank != null) {
                    assertThat(standing.before()).isEqualTo(all.subList(Math.max(0, rank - 1 - around), rank - 1));
                    assertThat(standing.after()).isEqualTo(all.subList(rank, Math.min(all.size(), rank + around)));
                }
            }
        }
    }

    private void put(String account, BigInteger total) {
        totals.put(account, total);
        int shard = router.shardOf(account);
        Batches.add(batches.get(shard), account, "GOLD", Bucket.AVAILABLE, total);
        if (batches.get(shard).isFull()) {
            apply(shard);
        }
    }

    private void apply() {
        IntStream.range(0, SHARDS).forEach(this::apply);
    }

    private void apply(int shard) {
        ShardBatch batch = batches.get(shard);
        assertThat(store.apply(batch)).isEqualTo(batch.to().text());
        batches.set(shard, new ShardBatch(shard, batch.to(), false));
    }

    private BigInteger random(int length) {
        StringBuilder digits = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
        digits.append(1 + random.nextInt(9));
        for (int i = 1; i < length; i++) {
            digits.append(random.nextInt(3) == 0 ? 9 : random.nextInt(10));
        }
        return new BigInteger(digits.toString());
    }
}
