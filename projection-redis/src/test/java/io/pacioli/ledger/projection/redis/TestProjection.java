package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import java.util.List;

/** A projection with the health and the figures of a process of its own. */
final class TestProjection implements AutoCloseable {
    final Health health = new Health();
    final Metrics metrics = new Metrics();
    final RedisProjection service;

    TestProjection(RedisProjectionSettings settings) {
        service = new RedisProjection(settings, health, metrics);
        service.start();
    }

    /** One that has nothing left to do: what is journaled from now on is news to it. */
    static TestProjection ready(RedisProjectionSettings settings) {
        TestProjection projection = new TestProjection(settings);
        Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
        return projection;
    }

    static TestProjection of(TestJournal journal, TestLedger ledger, String redisUri) {
        return new TestProjection(RedisProjectionSettings.of(
                TestJournal.kafka(), journal.topics, ledger.router(), RedisSettings.of(redisUri)));
    }

    /** The projector's health. */
    Health.Report report() {
        return health.reports().stream()
                .filter(report -> report.name().equals("projection-redis"))
                .findFirst()
                .orElseThrow();
    }

    /** The shards that this process projects. */
    List<String> shards() {
        return metrics.registry().find("ledger.projection.redis.lag").gauges().stream()
                .map(gauge -> gauge.getId().getTag("shard"))
                .sorted()
                .toList();
    }

    double applied() {
        return metrics.registry()
                .get("ledger.projection.redis.entries")
                .counter()
                .count();
    }

    @Override
    public void close() {
        service.close();
        metrics.close();
    }
}
