package io.pacioli.ledger.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.projection.redis.StoreUnavailableException;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Metrics;
import java.net.URI;
import java.util.Map;
import java.util.stream.IntStream;

/** The projection in Redis with its HTTP API, started on an empty server beside a ledger that has a journal already. */
final class LiveBalances implements AutoCloseable {
    private static final String USED = "used_memory:";

    private final EmbeddedRedis redis;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final Metrics metrics = new Metrics();
    private final RedisProjection projection;
    private final HttpServer http;
    private final int shards;
    private final long usedBefore;

    private LiveBalances(String bootstrapServers, int shards) {
        this.shards = shards;
        redis = EmbeddedRedis.start(ServerConfig.fresh());
        client = RedisClient.create(redis.uri());
        connection = client.connect();
        usedBefore = used();
        Health health = new Health();
        projection = new RedisProjection(
                RedisProjectionSettings.of(
                        Map.of("bootstrap.servers", bootstrapServers),
                        Topics.DEFAULT,
                        new KafkaRouter(shards),
                        RedisSettings.of(redis.uri())),
                health,
                metrics);
        http = HttpServer.start(HttpServer.Settings.ofPort(0), health, metrics, projection.modules());
        projection.start();
    }

    static LiveBalances start(String bootstrapServers, int shards) {
        return new LiveBalances(bootstrapServers, shards);
    }

    /** How many entries the store has; 0 while it is being rebuilt. */
    long entries() {
        try {
            return projection.balances().positions().stream()
                    .mapToLong(Position::sequence)
                    .sum();
        } catch (StoreUnavailableException e) {
            return 0;
        }
    }

    /** What the data take, in bytes, by {@code INFO memory}: what is used now less what the empty server used. */
    long bytes() {
        return used() - usedBefore;
    }

    /** What the leaderboards of an asset take of that, in bytes, by {@code MEMORY USAGE} of all their members. */
    long leaderboardBytes(String asset) {
        return IntStream.range(0, shards)
                .mapToObj(shard -> connection.sync().memoryUsage("{s" + shard + "}:leaderboard:" + asset))
                .mapToLong(bytes -> bytes == null ? 0 : bytes)
                .sum();
    }

    private long used() {
        return connection
                .sync()
                .info("memory")
                .lines()
                .filter(line -> line.startsWith(USED))
                .mapToLong(line -> Long.parseLong(line.substring(USED.length()).strip()))
                .findFirst()
                .orElseThrow();
    }

    /** Where the query API is. */
    URI uri() {
        return http.uri();
    }

    @Override
    public void close() {
        http.close();
        projection.close();
        metrics.close();
        connection.close();
        client.shutdown();
        redis.close();
    }
}
