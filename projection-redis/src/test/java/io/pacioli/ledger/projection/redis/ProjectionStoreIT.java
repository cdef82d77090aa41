package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.AccountStatus;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.testkit.TestServices;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectionStoreIT {
    private static final BigInteger EXACT_MAX = BigInteger.TWO.pow(53);

    private final TestStore store = new TestStore(TestServices.redis().freshDatabase(), new KafkaRouter(1));
    private final Map<String, Holding> expected = new HashMap<>();
    private StorePosition tip = Batches.START;

    @BeforeEach
    void begin() {
        assertThat(store.store.clear(0, "", tip)).isEqualTo(tip.text());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aBatchAppliedTwiceChangesNothing() {
        TestLedger ledger = new TestLedger(1);
        ledger.define("GOLD", 2);
        ledger.workload(new SplittableRandom(1), "GOLD", 20, 200);
        ShardBatch batch = Batches.of(0, tip, ledger.journal(0));

        assertThat(apply(batch)).isEqualTo(batch.to().text());
        Map<String, byte[]> once = store.dump();
        assertThat(apply(batch)).isEqualTo(batch.to().text());

        assertThat(store.dump()).containsExactlyInAnyOrderEntriesOf(once);
        StoreCheck.assertEqual(store.balances, ledger, "GOLD");
    }

    @Test
    void aBatchThatDoesNotContinueChangesNothing() {
        TestLedger ledger = new TestLedger(1);
        ledger.define("GOLD", 2);
        ledger.mint("GOLD", "alice", "10");
        List<byte[]> journal = ledger.journal(0);
        ShardBatch first = Batches.of(0, tip, journal.subList(0, 1));
        ShardBatch second = Batches.of(0, first.to(), journal.subList(1, journal.size()));
        Map<String, byte[]> before = store.dump();

        assertThat(apply(second)).isEqualTo(tip.text());
        assertThat(store.dump()).containsExactlyInAnyOrderEntriesOf(before);

        apply(first);
        assertThat(apply(second)).isEqualTo(second.to().text());
        StoreCheck.assertEqual(store.balances, ledger, "GOLD");
    }

    @Test
    void anEmptyStoreTakesNoBatchBeforeItHasAPosition() {
        store.redis.flushdb();

        assertThat(apply(new ShardBatch(0, tip, false))).isEmpty();
        assertThat(store.redis.dbsize()).isZero();
        assertThatThrownBy(() -> store.balances.account("alice"))
                .isInstanceOfSatisfying(
                        StoreUnavailableException.class,
                        e -> assertThat(e.code()).isEqualTo("STORE_EMPTY"));
    }

    @Test
    void clearingRemovesWhatHasNoPosition() {
        apply(add("alice", "GOLD", Bucket.AVAILABLE, "7"));
        assertThat(store.store.clear(0, "", Batches.START)).isEqualTo(tip.text());

        store.redis.del("{s0}:position".getBytes(StandardCharsets.UTF_8));
        assertThat(store.store.clear(0, "", Batches.START)).isEqualTo(Batches.START.text());

        assertThat(store.dump()).containsOnlyKeys("{s0}:position");
    }

    @Test
    void bucketsAreKeptApartAndZeroesLeftOut() {
        apply(add("alice", "GOLD", Bucket.AVAILABLE, "100"));
        apply(add("alice", "SILVER", Bucket.AVAILABLE, "5"));
        apply(add("alice", "GOLD", Bucket.HELD, "40"), add("alice", "GOLD", Bucket.AVAILABLE, "60"));
        assertThat(stored("alice")).isEqualTo("GOLD=60h40,SILVER=5");

        apply(add("alice", "GOLD", Bucket.AVAILABLE, "0"));
        assertThat(stored("alice")).isEqualTo("GOLD=h40,SILVER=5");
        apply(add("alice", "COPPER.1", Bucket.STAKED, "3"));
        apply(add("alice", "SILVER", Bucket.AVAILABLE, "0"));
        assertThat(stored("alice")).isEqualTo("GOLD=h40,COPPER.1=s3");
        apply(add("alice", "COPPER.1", Bucket.STAKED, "0"));
        apply(add("alice", "GOLD", Bucket.HELD, "0"));

        assertThat(stored("alice")).isEmpty();
        assertThat(store.balances.account("alice").value())
                .contains(new AccountBalances("alice", AccountStatus.OPEN, List.of()));
        assertThat(store.redis.exists(key("leaderboard:GOLD"), key("leaderboard:SILVER"), key("leaderboard:COPPER.1")))
                .isZero();
        assertThat(store.balances.account("bob").value()).isEmpty();
    }

    @Test
    void totalsOfAnyLengthAndSignAreRankedExactly() {
        defineGold();
        SplittableRandom random = new SplittableRandom(20261123);
        for (int round = 0; round < 60; round++) {
            ShardBatch batch = new ShardBatch(0, tip, false);
            for (int i = 0; i < 40; i++) {
                Bucket bucket = List.of(Bucket.values()).get(random.nextInt(4));
                BigInteger balance = randomBalance(random);
                add(batch, "u" + random.nextInt(60), bucket, bucket == Bucket.AVAILABLE ? balance : balance.abs());
            }
            apply(batch);
        }
        assertRanked();
    }

    @Test
    void tiesAndNeighboursBeyondDoublesAreRankedExactly() {
        defineGold();
        ShardBatch batch = new ShardBatch(0, tip, false);
        for (int i = 0; i < 30; i++) {
            add(batch, "near" + (i * 7) % 30, Bucket.AVAILABLE, EXACT_MAX.add(BigInteger.valueOf(i / 3 - 5)));
            add(
                    batch,
                    "huge" + (i * 11) % 30,
                    Bucket.AVAILABLE,
                    BigInteger.TEN.pow(37).add(BigInteger.valueOf(i / 2)));
            add(
                    batch,
                    "minus" + i,
                    Bucket.AVAILABLE,
                    BigInteger.TEN.pow(20).add(BigInteger.valueOf(i / 2)).negate());
            add(batch, "edge" + i, Bucket.AVAILABLE, BigInteger.TEN.pow(21).add(BigInteger.valueOf(i / 2 - 7)));
            add(batch, "same" + (i * 13) % 30, Bucket.AVAILABLE, BigInteger.valueOf(100));
            add(batch, "ünïcode" + i, Bucket.AVAILABLE, BigInteger.valueOf(100));
        }
        apply(batch);
        assertRanked();
    }

    @Test
    void aTotalThatChangesItsLengthIsRankedOnce() {
        defineGold();
        for (String balance :
                List.of("1", "1" + "0".repeat(20), "2" + "0".repeat(20), "-1" + "0".repeat(20), "5", "0")) {
            ShardBatch batch = new ShardBatch(0, tip, false);
            add(batch, "alice", Bucket.AVAILABLE, new BigInteger(balance));
            apply(batch);
            assertRanked();
        }
        assertThat(store.redis.exists(key("leaderboard:GOLD"))).isZero();
    }

    @Test
    void theStatusFollowsTheEventsHoweverTheyAreBatched() {
        AccountStatus[] statuses = new AccountStatus[4 * 4 * 4 * 4];
        for (int together = 1; together <= 4; together++) {
            Arrays.fill(statuses, AccountStatus.OPEN);
            for (int first = 0; first < 4; first += together) {
                ShardBatch batch = new ShardBatch(0, tip, false);
                for (int number = 0; number < statuses.length; number++) {
                    for (int step = first; step < Math.min(4, first + together); step++) {
                        Event event = event(number >> (2 * step) & 3, "a" + together + "-" + number);
                        Batches.add(batch, event);
                        statuses[number] = follow(statuses[number], event);
                    }
                }
                apply(batch);
            }
            for (int number = 0; number < statuses.length; number++) {
                assertThat(store.balances.account("a" + together + "-" + number).value())
                        .contains(new AccountBalances("a" + together + "-" + number, statuses[number], List.of()));
            }
        }
    }

    private static Event event(int kind, String account) {
        return switch (kind) {
            case 0 -> new Event.AccountOpened(account, AccountLimits.DEFAULT, Map.of());
            case 1 -> new Event.AccountFrozen(account, "", Map.of());
            case 2 -> new Event.AccountUnfrozen(account, "", Map.of());
            default -> new Event.AccountClosed(account, "", Map.of());
        };
    }

    private static AccountStatus follow(AccountStatus status, Event event) {
        if (event instanceof Event.AccountOpened) {
            return status == AccountStatus.CLOSED ? AccountStatus.OPEN : status;
        }
        return event instanceof Event.AccountFrozen
                ? AccountStatus.FROZEN
                : event instanceof Event.AccountClosed ? AccountStatus.CLOSED : AccountStatus.OPEN;
    }

    @Test
    void statusesAndBalancesAreKeptApart() {
        apply(add("alice", "GOLD", Bucket.AVAILABLE, "100"));
        apply(event(1));
        assertThat(stored("alice")).isEqualTo("frozen,GOLD=100");
        apply(add("alice", "GOLD", Bucket.AVAILABLE, "70"));
        apply(add("alice", "SILVER", Bucket.HELD, "5"));
        assertThat(stored("alice")).isEqualTo("frozen,GOLD=70,SILVER=h5");
        apply(add("alice", "GOLD", Bucket.AVAILABLE, "0"));
        assertThat(stored("alice")).isEqualTo("frozen,SILVER=h5");
        apply(event(0));
        assertThat(stored("alice")).isEqualTo("frozen,SILVER=h5");
        apply(add("alice", "SILVER", Bucket.HELD, "0"));
        assertThat(stored("alice")).isEqualTo("frozen");
        apply(event(2));
        assertThat(stored("alice")).isEmpty();
        apply(event(3));
        assertThat(stored("alice")).isEqualTo("closed");
        assertThat(store.redis.zcard(key("leaderboard:GOLD"))).isZero();
        apply(event(0));
        apply(add("alice", "GOLD", Bucket.AVAILABLE, "3"));
        assertThat(stored("alice")).isEqualTo("GOLD=3");
        assertThat(store.redis.zscore(key("leaderboard:GOLD"), "alice".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(-3);
    }

    private ShardBatch event(int kind) {
        ShardBatch batch = new ShardBatch(0, tip, false);
        Batches.add(batch, event(kind, "alice"));
        return batch;
    }

    private void defineGold() {
        TestLedger ledger = new TestLedger(1);
        ledger.define("GOLD", 2);
        apply(Batches.of(0, tip, ledger.journal(0)));
    }

    private void assertRanked() {
        List<Leader> all = new ArrayList<>();
        expected.forEach((account, holding) -> {
            if (holding.total().signum() != 0) {
                all.add(new Leader(0, account, holding.total()));
            }
        });
        all.sort(Leader.ORDER);
        List<Leader> stored = store.balances.leaderboard("GOLD", RedisBalances.LEADERS_MAX).value().stream()
                .flatMap(board -> board.leaders().stream())
                .toList();
        assertThat(stored)
                .isEqualTo(IntStream.range(0, all.size())
                        .mapToObj(i -> all.get(i).ranked(i + 1))
                        .toList());
        expected.forEach((account, holding) -> assertThat(StoredAccount.holdings(stored(account)))
                .isEqualTo(holding.isEmpty() ? List.of() : List.of(holding)));
    }

    private void add(ShardBatch batch, String account, Bucket bucket, BigInteger balance) {
        Batches.add(batch, account, "GOLD", bucket, balance);
        expected.merge(
                account, Holding.empty("GOLD").with(bucket, balance), (known, added) -> known.with(bucket, balance));
    }

    private ShardBatch add(String account, String asset, Bucket bucket, String balance) {
        ShardBatch batch = new ShardBatch(0, tip, false);
        Batches.add(batch, account, asset, bucket, new BigInteger(balance));
        tip = batch.to();
        return batch;
    }

    private String apply(ShardBatch... batches) {
        String stored = "";
        for (ShardBatch batch : batches) {
            stored = store.apply(batch);
            if (stored.equals(batch.to().text())) {
                tip = batch.to();
            }
        }
        return stored;
    }

    private String stored(String account) {
        byte[] value = store.redis.hget(
                new RedisKeys("").accounts(0, account).getBytes(StandardCharsets.UTF_8),
                account.getBytes(StandardCharsets.UTF_8));
        return new String(value, StandardCharsets.UTF_8);
    }

    private static byte[] key(String name) {
        return ("{s0}:" + name).getBytes(StandardCharsets.UTF_8);
    }

    private static BigInteger randomBalance(SplittableRandom random) {
        StringBuilder digits = new StringBuilder(random.nextInt(4) == 0 ? "-" : "");
        int length = switch (random.nextInt(3)) {
            case 0 -> 1 + random.nextInt(3);
            case 1 -> 14 + random.nextInt(4);
            default -> 1 + random.nextInt(37);
        };
        for (int i = 0; i < length; i++) {
            digits.append((char) ('0' + (random.nextInt(3) == 0 ? 9 : random.nextInt(10))));
        }
        return random.nextInt(6) == 0 ? BigInteger.ZERO : new BigInteger(digits.toString());
    }
}
