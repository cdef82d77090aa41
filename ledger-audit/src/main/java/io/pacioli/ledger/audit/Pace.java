package io.pacioli.ledger.audit;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Keeps the shards' replays together in the ledger's time, so that little must be kept of messages that one has sent and another has not
 * received. The one that is farthest behind never waits, so there is always one that goes on. Thread safe.
 */
final class Pace {
    /** Messages that a shard may be ahead of those that receive them. */
    private static final long AHEAD_MAX = 200_000;

    private final Channels channels;
    private final AtomicLongArray atMillis;

    Pace(Channels channels, int shards) {
        this.channels = channels;
        atMillis = new AtomicLongArray(shards);
    }

    /** Notes how far a replay has got. */
    void at(ShardReplay replay) {
        long now = replay.isFinished() ? Long.MAX_VALUE : replay.books().atMillis();
        atMillis.set(replay.books().shard(), now);
    }

    boolean allows(ShardReplay replay) {
        return channels.ahead(replay.books().shard()) <= AHEAD_MAX || isLast(replay);
    }

    /** Whether one of them waits for other shards. */
    boolean holds(List<ShardReplay> replays) {
        return replays.stream().anyMatch(replay -> !replay.isFinished() && !allows(replay));
    }

    private boolean isLast(ShardReplay replay) {
        long own = replay.books().atMillis();
        for (int shard = 0; shard < atMillis.length(); shard++) {
            if (atMillis.get(shard) < own) {
                return false;
            }
        }
        return true;
    }
}
