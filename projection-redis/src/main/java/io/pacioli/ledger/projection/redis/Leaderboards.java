package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Router;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads leaderboards, each shard's part of them, and merges these. Thread safe. */
final class Leaderboards {
    private final ShardReader reader;
    private final RedisKeys keys;
    private final Router router;

    /**
     * A place on one shard's board.
     *
     * @param decimals of the asset; null when the shard does not know it
     * @param count how many are on the board
     * @param before how many of them stand before the place
     * @param above the last of those, in their order
     * @param below the first of the others, in their order; on its own shard the account itself comes first
     */
    private record Place(
            Position position,
            @Nullable Integer decimals,
            long count,
            int before,
            List<Leader> above,
            List<Leader> below) {
        /** @param index of the number of those before the place; the answer is shorter when there is none */
        static Place of(ShardReader.Read read, int index, int neighbours) {
            List<String> texts = read.texts();
            boolean isPlace = texts.size() > index;
            int before = isPlace ? Integer.parseInt(texts.get(index)) : 0;
            List<Leader> around = isPlace ? leaders(texts.subList(index + 1, texts.size())) : List.of();
            int above = Math.min(before, neighbours);
            return new Place(
                    read.position(),
                    AssetDefinition.decimals(texts.get(0)),
                    Long.parseLong(texts.get(1)),
                    before,
                    around.subList(0, above),
                    around.subList(above, around.size()));
        }
    }

    Leaderboards(ShardReader reader) {
        this.reader = reader;
        this.keys = reader.keys();
        this.router = reader.router();
    }

    /** Those who have the most of an asset; empty when there is no such asset. */
    Answer<Leaderboard> leaderboard(String asset, int limit) {
        List<ShardReader.Read> reads = reader.readAll(
                RedisScript.LEADERBOARD, shard -> ScriptCall.of(board(shard, asset), asset, Integer.toString(limit)));
        List<Position> positions =
                reads.stream().map(ShardReader.Read::position).toList();
        Integer decimals = AssetDefinition.decimals(
                reads.get(router.shardOf(AccountId.issuer(asset))).texts().getFirst());
        if (decimals == null) {
            return new Answer<>(positions, Optional.empty());
        }
        long count = reads.stream()
                .mapToLong(read -> Long.parseLong(read.texts().get(1)))
                .sum();
        List<Leader> leaders = reads.stream()
                .flatMap(read -> leaders(read.texts().subList(2, read.texts().size())).stream())
                .sorted(Leader.ORDER)
                .limit(limit)
                .toList();
        return new Answer<>(positions, Optional.of(new Leaderboard(asset, decimals, count, ranked(leaders, 1))));
    }

    /**
     * Where an account stands; empty when there is no such account. Its own shard tells its score and member, by which the others
     * find how many of theirs stand before it.
     */
    Answer<Standing> standing(String asset, String account, int neighbours) {
        int home = router.shardOf(account);
        List<String> names = new ArrayList<>(board(home, asset));
        names.add(keys.accounts(home, account));
        String wanted = Integer.toString(neighbours);
        ShardReader.Read read = reader.read(home, RedisScript.STANDING, ScriptCall.of(names, asset, account, wanted));
        if (read.texts().size() < 3) {
            return new Answer<>(List.of(read.position()), Optional.empty());
        }
        Place own = Place.of(read, 3, neighbours);
        int itself = 4 + 2 * own.above().size();
        List<String> mark = own.below().isEmpty()
                ? List.of()
                : List.of(read.texts().get(itself + 1), read.texts().get(itself));
        List<Place> places = new ArrayList<>(others(home, asset, mark, neighbours));
        places.add(home, own);
        return new Answer<>(
                places.stream().map(Place::position).toList(),
                Optional.of(merge(asset, account, read.texts().get(2), places, neighbours)));
    }

    /** @param mark the account's score and member; empty when it is on no board */
    private List<Place> others(int home, String asset, List<String> mark, int neighbours) {
        String[] arguments = Stream.concat(Stream.of(asset, Integer.toString(neighbours)), mark.stream())
                .toArray(String[]::new);
        List<Integer> shards = IntStream.range(0, router.shards())
                .filter(shard -> shard != home)
                .boxed()
                .toList();
        return reader
                .readAll(shards, RedisScript.PLACE, shard -> ScriptCall.of(board(shard, asset), arguments))
                .stream()
                .map(read -> Place.of(read, 2, neighbours))
                .toList();
    }

    /** @param places by shard */
    private Standing merge(String asset, String account, String stored, List<Place> places, int neighbours) {
        List<Leader> above = sorted(places, Place::above);
        List<Leader> before = above.subList(Math.max(0, above.size() - neighbours), above.size());
        List<Leader> below = sorted(places, Place::below);
        // All others of these stand behind the account, so it comes first.
        Leader itself = below.isEmpty() ? null : below.getFirst();
        List<Leader> after = below.stream().skip(1).limit(neighbours).toList();
        int rank = 1 + places.stream().mapToInt(Place::before).sum();
        return new Standing(
                account,
                StoredAccount.status(stored),
                places.get(router.shardOf(AccountId.issuer(asset))).decimals(),
                itself == null ? null : rank,
                itself == null ? BigInteger.ZERO : itself.total(),
                places.stream().mapToLong(Place::count).sum(),
                ranked(before, rank - before.size()),
                ranked(after, rank + 1));
    }

    private static List<Leader> sorted(List<Place> places, Function<Place, List<Leader>> some) {
        return places.stream()
                .flatMap(place -> some.apply(place).stream())
                .sorted(Leader.ORDER)
                .toList();
    }

    private List<String> board(int shard, String asset) {
        return List.of(keys.position(shard), keys.leaderboard(shard, asset), keys.assets(shard));
    }

    /** @param texts members and scores in turn */
    private static List<Leader> leaders(List<String> texts) {
        return IntStream.range(0, texts.size() / 2)
                .mapToObj(i -> Leader.parse(texts.get(2 * i), texts.get(2 * i + 1)))
                .toList();
    }

    private static List<Leader> ranked(List<Leader> leaders, int first) {
        return IntStream.range(0, leaders.size())
                .mapToObj(i -> leaders.get(i).ranked(first + i))
                .toList();
    }
}
