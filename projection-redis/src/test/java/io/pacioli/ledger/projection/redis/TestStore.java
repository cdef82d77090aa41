package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.pacioli.ledger.core.Router;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Redis database with the projection's own way to it, and a second one for what tests do behind its back. */
final class TestStore implements AutoCloseable {
    private final RedisEndpoint endpoint;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    final RedisBalances balances;
    final ProjectionStore store;
    final RedisCommands<byte[], byte[]> redis;

    TestStore(String uri, Router router) {
        this(uri, router, "");
    }

    /** @param namespace stands before every key and every channel; the latter are shared by all databases of a server */
    TestStore(String uri, Router router, String namespace) {
        RedisKeys keys = new RedisKeys(namespace);
        endpoint = new RedisEndpoint(RedisSettings.of(uri));
        balances = new RedisBalances(endpoint.link(), keys, router);
        store = new ProjectionStore(endpoint.link(), keys);
        client = RedisClient.create(uri);
        connection = client.connect(ByteArrayCodec.INSTANCE);
        redis = connection.sync();
    }

    /** Applies a batch and returns the position afterwards. */
    String apply(ShardBatch batch) {
        return store.await(store.apply(batch));
    }

    /** Everything that is in the database. */
    Map<String, byte[]> dump() {
        Map<String, byte[]> dump = new HashMap<>();
        ScanIterator<byte[]> keys = ScanIterator.scan(redis, ScanArgs.Builder.limit(1_000));
        keys.forEachRemaining(key -> dump.put(new String(key, StandardCharsets.UTF_8), redis.dump(key)));
        return dump;
    }

    /** Makes the database what it was. */
    void restore(Map<String, byte[]> dump) {
        redis.multi();
        redis.flushdb();
        dump.forEach(
                (key, value) -> redis.restore(key.getBytes(StandardCharsets.UTF_8), value, RestoreArgs.Builder.ttl(0)));
        redis.exec();
    }

    /** A figure of {@code INFO memory}, in bytes. */
    long memory(String figure) {
        return Long.parseLong(info("memory", figure));
    }

    /** The CPU time that the server has used. */
    double cpuSeconds() {
        return Double.parseDouble(info("cpu", "used_cpu_user")) + Double.parseDouble(info("cpu", "used_cpu_sys"));
    }

    /** How often the server has run a command. */
    long calls(String command) {
        for (String line : redis.info("commandstats").split("\r\n", -1)) {
            if (line.startsWith("cmdstat_" + command + ":calls=")) {
                return Long.parseLong(line.substring(line.indexOf('=') + 1, line.indexOf(',')));
            }
        }
        return 0;
    }

    private String info(String section, String figure) {
        for (String line : redis.info(section).split("\r\n", -1)) {
            if (line.startsWith(figure + ":")) {
                return line.substring(figure.length() + 1);
            }
        }
        throw new IllegalArgumentException("no such figure: " + figure);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(0, 2, TimeUnit.SECONDS);
        endpoint.close();
    }
}
