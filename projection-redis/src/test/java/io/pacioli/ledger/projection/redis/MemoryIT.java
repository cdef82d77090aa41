package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Bucket;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Posting;
import io.pacioli.ledger.testkit.TestServices;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What balances cost in Redis, in bytes and in time. */
class MemoryIT {
    private static final int SHARDS = 6;
    private static final int ACCOUNTS = Integer.getInteger("ledger.memory.accounts", 50_000);
    private static final long BYTES_A_BALANCE_MAX = 120;
    private static final long BYTES_AN_ACCOUNT_MAX = 500;

    private final KafkaRouter router = new KafkaRouter(SHARDS);
    private final SplittableRandom random = new SplittableRandom(7);
    private final List<ShardBatch> batches = new ArrayList<>();
    private long changes;

    @Test
    void balancesAndLeaderboardsAreSmall() {
        try (TestStore store = new TestStore(TestServices.redis().freshDatabase(), router)) {
            for (int shard = 0; shard < SHARDS; shard++) {
                store.store.clear(shard, "", Batches.START);
                batches.add(new ShardBatch(shard, Batches.START, false));
            }
            double cpuSeconds = store.cpuSeconds();
            long empty = store.memory("used_memory");
            credit(store, "GOLD");
            long one = store.memory("used_memory") - empty;
            long gold = boards(store, "GOLD");
            credit(store, "SILVER");
            long two = store.memory("used_memory") - empty;
            long silver = boards(store, "SILVER");

            double cpuMicros = 1e6 * (store.cpuSeconds() - cpuSeconds);
            System.out.printf(
                    "%d accounts, %d shards: first balance %d bytes and %d in its leaderboard, second %d and %d; a million"
                            + " accounts with one asset %d MB, with two %d MB; %.1f microseconds of Redis' CPU a change%n",
                    ACCOUNTS,
                    SHARDS,
                    (one - gold) / ACCOUNTS,
                    gold / ACCOUNTS,
                    (two - one - silver) / ACCOUNTS,
                    silver / ACCOUNTS,
                    one / ACCOUNTS,
                    two / ACCOUNTS,
                    cpuMicros / changes);
            assertThat((one - gold) / ACCOUNTS).isBetween(1L, BYTES_A_BALANCE_MAX);
            assertThat((two - gold - silver) / ACCOUNTS).isBetween(1L, 2 * BYTES_A_BALANCE_MAX);
            assertThat(two / ACCOUNTS).isLessThanOrEqualTo(BYTES_AN_ACCOUNT_MAX);
        }
    }

    /** The bytes of an asset's leaderboards. */
    private static long boards(TestStore store, String asset) {
        long boards = 0;
        for (int shard = 0; shard < SHARDS; shard++) {
            byte[] board = new RedisKeys("").leaderboard(shard, asset).getBytes(StandardCharsets.UTF_8);
            boards += Objects.requireNonNull(store.redis.memoryUsage(board));
        }
        return boards;
    }

    private void credit(TestStore store, String asset) {
        for (int i = 0; i < ACCOUNTS; i++) {
            String account = "user-" + (1_000_000 + i);
            int shard = router.shardOf(account);
            ShardBatch batch = batches.get(shard);
            add(batch, account, asset);
            if (batch.isFull()) {
                apply(store, shard);
            }
        }
        for (int shard = 0; shard < SHARDS; shard++) {
            apply(store, shard);
        }
    }

    private void add(ShardBatch batch, String account, String asset) {
        StorePosition last = batch.to();
        BigInteger balance = BigInteger.valueOf(random.nextLong(1, 10_000_000));
        List<Posting> postings = List.of(
                new Posting(account, Bucket.AVAILABLE, asset, balance, balance, 1),
                new Posting("@" + asset, Bucket.AVAILABLE, asset, balance.negate(), balance.negate(), 1));
        Event event = new Event.AssetLearned(new Asset(asset, asset, "", "", 2, null), 0, 1);
        Entry entry = new Entry(router.shardOf(account), last.sequence() + 1, null, null, "test", 0, event, postings);
        batch.add(new JournalRecord(entry, last.hash(), Hash.ZERO), last.offset(), 1);
    }

    private void apply(TestStore store, int shard) {
        ShardBatch batch = batches.get(shard);
        assertThat(store.apply(batch)).isEqualTo(batch.to().text());
        changes += batch.changes();
        batches.set(shard, new ShardBatch(shard, batch.to(), false));
    }
}
