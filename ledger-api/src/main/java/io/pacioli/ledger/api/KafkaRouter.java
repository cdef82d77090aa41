package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.core.ShardConfiguration;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * Places routing keys as Kafka's default partitioner places record keys: murmur2 of the UTF-8 bytes, made positive, modulo the
 * number of partitions. Any Kafka client that keys its records and keeps its default partitioner agrees. Thread safe.
 *
 * @param shards the number of partitions of the command topic, 1 to 1000
 */
public record KafkaRouter(int shards) implements Router {
    /** @throws IllegalArgumentException when the number of shards is out of range */
    public KafkaRouter {
        if (shards < 1 || shards > ShardConfiguration.SHARDS_MAX) {
            throw new IllegalArgumentException("must be 1 to 1000: shards=" + shards);
        }
    }

    @Override
    public int shardOfKey(String routingKey) {
        return Utils.toPositive(Utils.murmur2(routingKey.getBytes(StandardCharsets.UTF_8))) % shards;
    }
}
