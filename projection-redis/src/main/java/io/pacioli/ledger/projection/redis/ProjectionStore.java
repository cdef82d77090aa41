package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the projector does with the store. All answers are texts of {@link StorePosition}; empty when there is none. Methods that
 * return futures throw a {@link RedisException} at once when there is no connection. Thread safe.
 */
final class ProjectionStore {
    private final RedisLink link;
    private final RedisKeys keys;

    ProjectionStore(RedisLink link, RedisKeys keys) {
        this.link = link;
        this.keys = keys;
    }

    /**
     * Makes the scripts known to Redis, all nodes of it.
     *
     * @throws RedisException also when Redis is set to evict keys: balances would then be missing and nobody would notice
     */
    void load() {
        String memory = link.await(link.commands().info("memory").toCompletableFuture());
        if (memory.contains("\nmaxmemory_policy:allkeys") && !memory.contains("\nmaxmemory:0\r")) {
            throw new RedisException(
                    "it may evict balances when its memory is full; set maxmemory-policy to noeviction");
        }
        link.await(link.commands().scriptLoad(RedisScript.APPLY.text()).toCompletableFuture());
        link.await(link.commands().scriptLoad(RedisScript.CLEAR.text()).toCompletableFuture());
    }

    /** The position of a shard. */
    CompletableFuture<String> position(int shard) {
        return link.commands()
                .get(keys.position(shard))
                .toCompletableFuture()
                .thenApply(text -> text == null ? "" : text);
    }

    /** Applies a batch if the shard is where it continues from; the answer is the position afterwards. */
    CompletableFuture<String> apply(ShardBatch batch) {
        return link.callLoaded(RedisScript.APPLY, batch.call(keys));
    }

    /**
     * Empties a shard and gives it a position; the answer is the position afterwards.
     *
     * @param stored the position that it has, empty for none; if it has another, nothing is changed
     */
    String clear(int shard, String stored, StorePosition beginning) {
        List<String> assets =
                link.await(link.commands().hkeys(keys.assets(shard)).toCompletableFuture());
        List<String> all = new ArrayList<>(keys.all(shard, assets));
        all.addFirst(keys.position(shard));
        return link.await(link.callLoaded(RedisScript.CLEAR, ScriptCall.of(all, stored, beginning.text())));
    }

    /** Waits for an answer, see {@link RedisLink#await}. */
    <T> T await(CompletableFuture<T> answer) {
        return link.await(answer);
    }
}
