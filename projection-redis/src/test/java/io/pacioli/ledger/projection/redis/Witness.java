package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks for balances, leaderboards and whole pages all the time, and compares each answer with the history at exactly the position
 * that the answer names. An answer may be refused; it may not be wrong.
 */
final class Witness implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(2);
    private static final int LEADERS = 5;
    private static final int KINDS = 10;

    private final RedisBalances balances;
    private final History history;
    private final int accounts;
    private final SplittableRandom random;
    private final ConcurrentLinkedQueue<Throwable> contradictions = new ConcurrentLinkedQueue<>();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /** @param accounts how many accounts {@code u0, u1, ...} to ask for */
    Witness(RedisBalances balances, History history, int accounts, long seed) {
        this.balances = balances;
        this.history = history;
        this.accounts = accounts;
        this.random = new SplittableRandom(seed);
        this.thread = Thread.ofPlatform().name("witness-" + seed).daemon().start(this::run);
    }

    private void run() {
        try {
            do {
                ask();
            } while (!closing.await(BETWEEN.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        try {
            switch (random.nextInt(KINDS)) {
                case 0 -> leaderboard("GOLD");
                case 1 -> page(random.nextInt(balances.shards()), random.nextInt(RedisBalances.PAGES));
                default -> account("u" + random.nextInt(accounts));
            }
            answered.incrementAndGet();
        } catch (StoreUnavailableException e) {
            refused.incrementAndGet();
        } catch (Throwable e) {
            contradictions.add(e);
        }
    }

    private void account(String account) {
        Answer<AccountBalances> answer = balances.account(account);
        Position at = known(answer.positions().getFirst());
        Optional<Map<String, Holding>> told =
                answer.value().map(AccountBalances::balances).map(Witness::holdings);
        assertThat(told).as("%s at %s", account, at).isEqualTo(history.holdings(account, at));
    }

    private void leaderboard(String asset) {
        Answer<Leaderboard> answer = balances.leaderboard(asset, LEADERS);
        answer.positions().forEach(this::known);
        Optional<List<Leader>> told = answer.value().map(Leaderboard::leaders);
        Optional<List<Leader>> expected = history.isDefined(asset, answer.positions())
                ? Optional.of(history.leaders(asset, answer.positions(), LEADERS))
                : Optional.empty();
        assertThat(told).as("leaders of %s at %s", asset, answer.positions()).isEqualTo(expected);
    }

    private void page(int shard, int page) {
        AccountsPage told = balances.accounts(shard, page);
        Position at = known(told.position());
        told.accounts().forEach((account, holdings) -> {
            Map<String, Holding> byAsset = new HashMap<>();
            holdings.forEach(holding -> byAsset.put(holding.asset(), holding));
            assertThat(Optional.of(byAsset)).as("%s at %s", account, at).isEqualTo(history.holdings(account, at));
        });
    }

    private Position known(Position at) {
        assertThat(at.sequence()).isLessThanOrEqualTo(history.sequence(at.shard()));
        return at;
    }

    private static Map<String, Holding> holdings(List<Balance> balances) {
        Map<String, Holding> holdings = new HashMap<>();
        balances.forEach(balance -> holdings.put(
                balance.asset(),
                new Holding(balance.asset(), balance.available(), balance.held(), balance.locked(), balance.staked())));
        return holdings;
    }

    /** Answers that were compared so far. */
    long answered() {
        return answered.get();
    }

    /** Answers that were refused so far. */
    long refused() {
        return refused.get();
    }

    /** Ends, and fails if an answer was wrong. */
    @Override
    public void close() {
        closing.countDown();
        Threads.join(thread);
        assertThat(contradictions).isEmpty();
        assertThat(answered()).isPositive();
    }
}
