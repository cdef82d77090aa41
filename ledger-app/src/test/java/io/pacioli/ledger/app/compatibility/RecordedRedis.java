package io.pacioli.ledger.app.compatibility;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;

/** All keys of a Redis with their values, each as {@code DUMP} gives it. */
final class RecordedRedis {
    private RecordedRedis() {}

    static void record(String uri, Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        with(uri, redis -> {
            for (byte[] key : redis.keys("*")) {
                lines.add(Base64.getEncoder().encodeToString(key) + " "
                        + Base64.getEncoder().encodeToString(redis.dump(key)));
            }
        });
        lines.sort(null);
        Files.write(file, lines);
    }

    static void restore(String uri, Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        with(
                uri,
                redis -> lines.forEach(line -> {
                    String[] parts = line.split(" ", 2);
                    redis.restore(
                            Base64.getDecoder().decode(parts[0]),
                            0,
                            Base64.getDecoder().decode(parts[1]));
                }));
    }

    private static void with(String uri, Consumer<RedisCommands<byte[], byte[]>> use) {
        try (RedisClient client = RedisClient.create(uri);
                StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE)) {
            use.accept(connection.sync());
        }
    }
}
