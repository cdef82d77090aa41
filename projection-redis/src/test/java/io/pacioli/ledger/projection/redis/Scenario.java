package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.service.rebuild.RebuildSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger that goes on working while tests do harm, with what projects it and witnesses of what is answered. On close everything
 * must have been answered right.
 */
final class Scenario implements AutoCloseable {
    static final int SHARDS = 8;
    static final int ACCOUNTS = 30;
    static final List<Integer> ALL = IntStream.range(0, SHARDS).boxed().toList();
    private static final Logger LOG = LoggerFactory.getLogger(Scenario.class);
    private static final Duration BETWEEN = Duration.ofMillis(50);
    private static final int TRANSFERS = 20;

    final KafkaRouter router;
    private final TestLedger ledger = new TestLedger(SHARDS);
    private final History history = new History(ledger);
    private final TestJournal journal = new TestJournal(ledger);
    private final SplittableRandom random;
    private final List<Runnable> opened = new ArrayList<>();
    private final ReentrantLock working = new ReentrantLock();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread load;

    Scenario(long seed) throws Exception {
        router = ledger.router();
        random = new SplittableRandom(seed);
        ledger.define("GOLD", 2);
        ledger.define("SILVER", 0);
        ledger.open("nobody");
        load = Thread.ofPlatform().name("load").daemon().start(this::work);
    }

    private void work() {
        try {
            do {
                workOnce();
            } while (!closing.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void workOnce() {
        working.lock();
        try {
            ledger.workload(random, "GOLD", ACCOUNTS, TRANSFERS);
            ledger.workload(random, "SILVER", ACCOUNTS / 3, TRANSFERS / 4);
            history.extend();
            journal.write();
        } finally {
            working.unlock();
        }
    }

    /** What a projection of this ledger to a store runs with. */
    RedisProjectionSettings settings(RedisSettings redis) {
        return RedisProjectionSettings.of(TestJournal.kafka(), journal.topics, router, redis);
    }

    /** What a rebuild of a store of this ledger runs with. */
    RebuildSettings rebuild() {
        return RebuildSettings.of(TestJournal.kafka(), journal.topics, router);
    }

    /** Starts a projection. */
    TestProjection project(RedisSettings redis) {
        TestProjection projection = new TestProjection(settings(redis));
        opened.add(projection::close);
        return projection;
    }

    /** Starts somebody who checks every answer. */
    Witness witness(RedisBalances balances) {
        Witness witness = new Witness(balances, history, ACCOUNTS, opened.size());
        opened.add(witness::close);
        return witness;
    }

    /** An account that is on a shard. */
    String accountOn(int shard) {
        return IntStream.range(0, ACCOUNTS)
                .mapToObj(i -> "u" + i)
                .filter(account -> router.shardOf(account) == shard)
                .findFirst()
                .orElseThrow();
    }

    /** Waits until the store has an entry of each of some shards that is not in the journal yet. */
    void awaitProgress(RedisBalances balances, List<Integer> shards) {
        long start = System.nanoTime();
        List<Long> wanted =
                shards.stream().map(shard -> history.sequence(shard) + 1).toList();
        Eventually.holds(() -> {
            for (int i = 0; i < shards.size(); i++) {
                assertThat(balances.sequence(shards.get(i))).isGreaterThanOrEqualTo(wanted.get(i));
            }
        });
        LOG.info("Shards {} have gone on after {}", shards, since(start));
    }

    /** Waits until every shard answers, from a store that is complete, and goes on. */
    void awaitAnswers(RedisBalances balances) {
        long start = System.nanoTime();
        Eventually.holds(balances::positions);
        LOG.info("All shards answer after {}", since(start));
        awaitProgress(balances, ALL);
    }

    /** Pauses the ledger and waits until the store equals it. */
    void awaitEqual(RedisBalances balances) {
        working.lock();
        try {
            long start = System.nanoTime();
            Eventually.holds(() -> StoreCheck.assertEqual(balances, ledger, "GOLD", "SILVER"));
            LOG.info("The store equals the ledger after {}", since(start));
        } finally {
            working.unlock();
        }
    }

    private static Duration since(long startNanos) {
        return Duration.ofMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
    }

    @Override
    public void close() {
        closing.countDown();
        Threads.join(load);
        try {
            opened.reversed().forEach(Runnable::run);
        } finally {
            journal.close();
        }
    }
}
