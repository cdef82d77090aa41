package io.pacioli.ledger.api;

import io.pacioli.ledger.core.ShardConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * How topics are created when they do not exist.
 *
 * @param shards partitions of commands, journal, transit and checkpoints, 1 to 1000; null for 6 at creation and whatever is there afterwards
 * @param replicationFactor copies of each partition; with 3 or more, two must have a record before it is acknowledged
 */
public record TopicSettings(@Nullable Integer shards, short replicationFactor) {
    /** Shards of a ledger for which nobody asked for another number. */
    public static final int SHARDS_DEFAULT = 6;

    /** One broker, default shards. */
    public static final TopicSettings SINGLE_BROKER = new TopicSettings(null, (short) 1);

    /** @throws IllegalArgumentException when a number is out of range */
    public TopicSettings {
        if (shards != null && (shards < 1 || shards > ShardConfiguration.SHARDS_MAX)) {
            throw new IllegalArgumentException("must be 1 to " + ShardConfiguration.SHARDS_MAX + ": shards=" + shards);
        }
        if (replicationFactor < 1) {
            throw new IllegalArgumentException("must be at least 1: replicationFactor=" + replicationFactor);
        }
    }
}
