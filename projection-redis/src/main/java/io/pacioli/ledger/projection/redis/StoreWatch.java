package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.service.Health;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once a second whether the store can answer for every shard, whoever projects it, and reports that. */
final class StoreWatch implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);
    private static final long INTERVAL_MILLIS = Duration.ofSeconds(1).toMillis();

    private final RedisBalances balances;
    private final Health.Component health;
    private final CountDownLatch closing = new CountDownLatch(1);

    StoreWatch(RedisBalances balances, Health.Component health) {
        this.balances = balances;
        this.health = health;
    }

    Health.Component health() {
        return health;
    }

    void start() {
        Thread.ofVirtual().name("projection-redis-watch").start(this);
    }

    @Override
    public void run() {
        try {
            do {
                look();
            } while (!closing.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            balances.positions();
            health.up();
        } catch (StoreUnavailableException e) {
            health.down(e.detail());
        } catch (RuntimeException e) {
            LOG.warn("Cannot tell how the store is", e);
            health.down(e.toString());
        }
    }

    @Override
    public void close() {
        closing.countDown();
    }
}
