package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Router;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Asks shards by scripts, each of which answers with the shard's position and what is true for it. Methods block, and throw a
 * {@link StoreUnavailableException} rather than answer from a store that is away, empty or being rebuilt. Thread safe.
 */
final class ShardReader {
    private final RedisLink link;
    private final RedisKeys keys;
    private final Router router;

    /**
     * What a shard answers.
     *
     * @param position what the rest is true for
     * @param texts what stands behind the position
     */
    record Read(Position position, List<String> texts) {}

    ShardReader(RedisLink link, RedisKeys keys, Router router) {
        this.link = link;
        this.keys = keys;
        this.router = router;
    }

    RedisKeys keys() {
        return keys;
    }

    Router router() {
        return router;
    }

    /** Asks one shard. */
    Read read(int shard, RedisScript script, ScriptCall call) {
        return readAll(List.of(shard), script, asked -> call).getFirst();
    }

    /** Asks all shards at once; the answers come in their order. */
    List<Read> readAll(RedisScript script, IntFunction<ScriptCall> call) {
        return readAll(IntStream.range(0, router.shards()).boxed().toList(), script, call);
    }

    /** Asks some shards at once; the answers come in the order given. */
    List<Read> readAll(Collection<Integer> shards, RedisScript script, IntFunction<ScriptCall> call) {
        List<Integer> order = List.copyOf(shards);
        try {
            List<CompletableFuture<List<String>>> asked = order.stream()
                    .map(shard -> link.read(script, call.apply(shard)))
                    .toList();
            return IntStream.range(0, order.size())
                    .mapToObj(i -> trusted(order.get(i), link.await(asked.get(i))))
                    .toList();
        } catch (RedisException e) {
            throw unavailable(e);
        }
    }

    /** The sequence that the store has of a shard, even while it is being rebuilt; 0 when it has none. */
    long sequence(int shard) {
        try {
            String text = link.await(link.commands().get(keys.position(shard)).toCompletableFuture());
            return text == null ? 0 : parse(shard, text).sequence();
        } catch (RedisException e) {
            throw unavailable(e);
        }
    }

    /** An answer, if its data are all that the shard has at its position. */
    private static Read trusted(int shard, List<String> read) {
        if (read.isEmpty()) {
            throw new StoreUnavailableException(
                    "STORE_EMPTY", "Redis has no data of shard " + shard + "; the projector will rebuild it");
        }
        StorePosition position = parse(shard, read.getFirst());
        if (position.isRefused()) {
            throw new StoreUnavailableException(
                    "STORE_OF_ANOTHER_JOURNAL",
                    "the journal does not continue what Redis has of shard " + shard
                            + ": delete its position to have it rebuilt");
        }
        if (position.isRebuilding()) {
            throw new StoreUnavailableException(
                    "STORE_REBUILDING",
                    "Redis is being rebuilt: shard " + shard + " is at offset " + position.offset() + " of "
                            + position.rebuildUntil());
        }
        return new Read(new Position(shard, position.sequence()), read.subList(1, read.size()));
    }

    private static StorePosition parse(int shard, String text) {
        try {
            return StorePosition.parse(text);
        } catch (MalformedException e) {
            throw switch (StorePosition.layout(text)) {
                case OLDER ->
                    new StoreUnavailableException(
                            "STORE_REBUILDING",
                            "Redis has an older layout of shard " + shard + "; the projector will rebuild it",
                            e);
                case NEWER ->
                    new StoreUnavailableException(
                            "STORE_TOO_NEW",
                            "Redis has shard " + shard + " in a layout that only a newer version knows",
                            e);
                case NONE, CURRENT ->
                    new StoreUnavailableException(
                            "STORE_DAMAGED", "Redis holds a position that is not one: " + text, e);
            };
        }
    }

    private static StoreUnavailableException unavailable(RedisException e) {
        return new StoreUnavailableException("STORE_UNAVAILABLE", "Redis does not answer now", e);
    }
}
