package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.service.ConfigurationException;
import java.util.Map;

/**
 * What the Redis projection runs with.
 *
 * @param kafka settings of the consumer, among them {@code bootstrap.servers}; what the projection insists on replaces theirs
 * @param topics the ledger's topics
 * @param router places accounts on the ledger's shards
 * @param redis where the store is
 * @param group the consumer group whose members share the shards; every store needs its own
 * @param projecting false for a process that answers queries only, and needs no Kafka
 * @param notifying whether what happens is published to those who watch accounts and assets
 */
public record RedisProjectionSettings(
        Map<String, String> kafka,
        Topics topics,
        Router router,
        RedisSettings redis,
        String group,
        boolean projecting,
        boolean notifying) {
    /** @throws ConfigurationException when the projection would have no Kafka to read from, or no group */
    public RedisProjectionSettings {
        kafka = Map.copyOf(kafka);
        if (projecting && !kafka.containsKey("bootstrap.servers")) {
            throw new ConfigurationException("the Kafka setting bootstrap.servers must be set");
        }
        if (group.isBlank()) {
            throw new ConfigurationException("the consumer group must not be blank");
        }
    }

    /** Projects, publishes and answers queries; the group is named after the journal and the store's namespace. */
    public static RedisProjectionSettings of(
            Map<String, String> kafka, Topics topics, Router router, RedisSettings redis) {
        String group =
                topics.journal() + ".projection-redis" + (redis.namespace().isEmpty() ? "" : "." + redis.namespace());
        return new RedisProjectionSettings(kafka, topics, router, redis, group, true, true);
    }

    /** Answers queries only, from a store that other processes project to. */
    public static RedisProjectionSettings queriesOnly(Topics topics, Router router, RedisSettings redis) {
        return new RedisProjectionSettings(Map.of(), topics, router, redis, "none", false, false);
    }

    /** The same with another consumer group. */
    public RedisProjectionSettings withGroup(String name) {
        return new RedisProjectionSettings(kafka, topics, router, redis, name, projecting, notifying);
    }

    /** The same with notifications, or without. */
    public RedisProjectionSettings withNotifying(boolean isNotifying) {
        return new RedisProjectionSettings(kafka, topics, router, redis, group, projecting, isNotifying);
    }
}
