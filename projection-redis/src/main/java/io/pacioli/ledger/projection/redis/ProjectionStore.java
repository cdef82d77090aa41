package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What the projector does with the store. All answers are texts of {@link StorePosition}; empty when there is none. A future
 * that fails does so with a {@link RedisException}. Thread safe.
 */
final class ProjectionStore {
    private final RedisLink link;
    private final RedisKeys keys;

    ProjectionStore(RedisLink link, RedisKeys keys) {
        this.link = link;
        this.keys = keys;
    }

    /**
     * The position of a shard that is to be gone on with.
     *
     * @return fails when the server that has the shard is set to evict keys: balances would then be missing and nobody would notice
     */
    CompletableFuture<String> locate(int shard) {
        return link.read(RedisScript.LOCATE, ScriptCall.of(List.of(keys.position(shard))))
                .thenApply(answer -> {
                    String memory = answer.getLast();
                    if (memory.contains("\nmaxmemory_policy:allkeys") && !memory.contains("\nmaxmemory:0\r")) {
                        throw new RedisException(
                                "it may evict balances when its memory is full; set maxmemory-policy to noeviction");
                    }
                    return answer.getFirst();
                });
    }

    /** The position of a shard. */
    CompletableFuture<String> position(int shard) {
        return link.ask(redis -> redis.get(keys.position(shard))).thenApply(text -> text == null ? "" : text);
    }

    /** Applies a batch if the shard is where it continues from; the answer is the position afterwards. */
    CompletableFuture<String> apply(ShardBatch batch) {
        return link.call(RedisScript.APPLY, batch.call(keys));
    }

    /**
     * Empties a shard and gives it a position; waits for the answer, which is the position afterwards.
     *
     * @param stored the position that it has, empty for none; if it has another, nothing is changed
     * @throws RedisException when there is no answer
     */
    String clear(int shard, String stored, StorePosition beginning) {
        List<String> all = new ArrayList<>(keys.all(shard, assets(shard)));
        all.addFirst(keys.position(shard));
        return link.await(link.call(RedisScript.CLEAR, ScriptCall.of(all, stored, beginning.text())));
    }

    /** Replaces the position of a shard if it is the one given; the answer is the position afterwards. */
    CompletableFuture<String> replace(int shard, StorePosition stored, StorePosition position) {
        ScriptCall call = ScriptCall.of(List.of(keys.position(shard)), stored.text(), position.text());
        return link.call(RedisScript.CLEAR, call);
    }

    /**
     * Takes all of a shard away, its position first; waits for the answer.
     *
     * @throws RedisException when there is no answer
     */
    void remove(int shard) {
        List<String> all = new ArrayList<>(keys.all(shard, assets(shard)));
        all.addFirst(keys.position(shard));
        link.await(link.ask(redis -> redis.unlink(all.toArray(String[]::new))));
    }

    /**
     * The assets that a shard knows, and with them its leaderboards; waits for the answer.
     *
     * @throws RedisException when there is no answer
     */
    List<String> assets(int shard) {
        return link.await(link.ask(redis -> redis.hkeys(keys.assets(shard))));
    }

    /** Waits for an answer, see {@link RedisLink#await}. */
    <T> T await(CompletableFuture<T> answer) {
        return link.await(answer);
    }
}
