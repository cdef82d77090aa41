package io.pacioli.ledger.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.service.Positions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * The projection in Redis with its HTTP API, started on an empty server beside a ledger that has a journal already. It runs in a
 * process of its own, as a service does.
 */
public final class LiveBalances implements AutoCloseable {
    private static final String USED = "used_memory:";
    private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

    private final EmbeddedRedis redis;
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final Process service;
    private final URI uri;
    private final int shards;
    private final long usedBefore;

    private LiveBalances(String bootstrapServers, int shards) throws IOException {
        this.shards = shards;
        redis = EmbeddedRedis.start(ServerConfig.fresh());
        client = RedisClient.create(redis.uri());
        connection = client.connect();
        usedBefore = used();
        service = serviceFor(bootstrapServers, shards, redis.uri());
        uri = address(service);
    }

    /** Starts both, and returns before the store is filled. */
    public static LiveBalances start(String bootstrapServers, int shards) {
        try {
            return new LiveBalances(bootstrapServers, shards);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Process serviceFor(String bootstrapServers, int shards, String redisUri) throws IOException {
        return OwnProcess.service(
                BalancesService.class, Map.of(), bootstrapServers, Integer.toString(shards), redisUri);
    }

    /** Its first line of output. The reader stays open: the service would write into a broken pipe otherwise. */
    private static URI address(Process service) throws IOException {
        BufferedReader output = service.inputReader();
        String line = output.readLine();
        while (line != null && !line.startsWith(BalancesService.LISTENS)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("the projection in Redis did not start");
        }
        return URI.create(line.substring(BalancesService.LISTENS.length()));
    }

    /** How many entries the store has; 0 while it is being rebuilt or does not answer. */
    public long entries() {
        try {
            HttpURLConnection asked = (HttpURLConnection)
                    uri.resolve("/v1/assets?limit=1").toURL().openConnection();
            asked.setReadTimeout((int) ANSWER_MAX.toMillis());
            if (asked.getResponseCode() != HttpURLConnection.HTTP_OK) {
                return 0;
            }
            try (InputStream body = asked.getInputStream()) {
                String asOf = Json.object(body.readAllBytes()).path("asOf").textValue();
                return Positions.parse(asOf, shards).stream()
                        .mapToLong(Position::sequence)
                        .sum();
            }
        } catch (IOException e) {
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

    /** How long clients wait for balances that they read at a fixed rate, in microseconds, after a warm-up; see {@link BalanceReads}. */
    public Histogram reads(int accounts, int rate, int seconds) {
        return BalanceReads.measure(uri, accounts, rate, seconds);
    }

    /** The same while a load is run again and again. */
    public Histogram readsBeside(Runnable load, int accounts, int rate, int seconds) {
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<?> loading = CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
                load.run();
            }
        });
        try {
            return reads(accounts, rate, seconds);
        } finally {
            enough.set(true);
            loading.join();
        }
    }

    @Override
    public void close() {
        OwnProcess.end(service);
        connection.close();
        client.shutdown();
        redis.close();
    }
}
