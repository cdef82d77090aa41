package io.pacioli.ledger.projection.redis;

import io.lettuce.core.RedisException;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.service.PositionSource;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads live balances, whether this process projects them or another one does. Each question costs one round trip.
 *
 * <p>Methods block, and throw a {@link StoreUnavailableException} rather than answer from a store that is away, empty or being
 * rebuilt. Thread safe.
 */
public final class RedisBalances implements PositionSource {
    /** The longest leaderboard that may be asked for. */
    public static final int LEADERS_MAX = 1_000;

    /** Into how many pages the accounts of a shard are divided. */
    public static final int PAGES = 64;

    private static final int HASHES_A_PAGE = RedisKeys.ACCOUNT_HASHES / PAGES;

    private final RedisLink link;
    private final RedisKeys keys;
    private final Router router;

    RedisBalances(RedisLink link, RedisKeys keys, Router router) {
        this.link = link;
        this.keys = keys;
        this.router = router;
    }

    /** The number of shards. */
    public int shards() {
        return router.shards();
    }

    /**
     * What an account has; no balances for one that was opened and never credited.
     *
     * @param account a client's, or an issuer; not a clearing account, as those are on every shard
     */
    public Answer<List<Balance>> account(String account) {
        int shard = router.shardOf(account);
        List<String> names = List.of(keys.position(shard), keys.accounts(shard, account), keys.assets(shard));
        List<String> read = read(RedisScript.BALANCES, ScriptCall.of(names, account));
        List<Position> positions = List.of(trusted(shard, read));
        return read.size() < 2
                ? new Answer<>(positions, Optional.empty())
                : new Answer<>(positions, Optional.of(balances(read.get(1), read.subList(2, read.size()))));
    }

    /** @param definitions of the stored assets, in the order in which those are stored */
    private static List<Balance> balances(String stored, List<String> definitions) {
        List<String> assets = StoredAccount.assets(stored);
        Map<String, @Nullable Integer> decimals = new HashMap<>();
        for (int i = 0; i < assets.size(); i++) {
            decimals.put(assets.get(i), AssetDefinition.decimals(definitions.get(i)));
        }
        return StoredAccount.holdings(stored).stream()
                .map(holding -> Balance.of(holding, decimals.get(holding.asset())))
                .toList();
    }

    /** All assets, by code. */
    public Answer<List<AssetSupply>> assets() {
        List<List<String>> answers = readAll(
                RedisScript.ASSETS,
                shard -> ScriptCall.of(List.of(keys.position(shard), keys.assets(shard), keys.system(shard))));
        List<AssetSupply> assets = new ArrayList<>();
        answers.forEach(read -> assets.addAll(supplies(read)));
        assets.sort(Comparator.comparing(supply -> supply.definition().asset()));
        return new Answer<>(trusted(answers), Optional.of(List.copyOf(assets)));
    }

    /** One asset. */
    public Answer<AssetSupply> asset(String code) {
        int shard = router.shardOf(AccountId.issuer(code));
        List<String> names = List.of(keys.position(shard), keys.assets(shard), keys.system(shard));
        List<String> read = read(RedisScript.ASSETS, ScriptCall.of(names, code));
        List<Position> positions = List.of(trusted(shard, read));
        return new Answer<>(positions, supplies(read).stream().findFirst());
    }

    private static List<AssetSupply> supplies(List<String> read) {
        List<AssetSupply> supplies = new ArrayList<>();
        for (int i = 1; i + 1 < read.size(); i += 2) {
            AssetDefinition definition = AssetDefinition.parse(read.get(i));
            BigInteger issued = StoredAccount.holdings(read.get(i + 1)).stream()
                    .filter(holding -> holding.asset().equals(definition.asset()))
                    .map(Holding::total)
                    .reduce(BigInteger.ZERO, BigInteger::add);
            supplies.add(new AssetSupply(definition, issued.negate()));
        }
        return supplies;
    }

    /**
     * Those who have the most of an asset.
     *
     * @param limit how many at most, 1 to {@link #LEADERS_MAX}
     */
    public Answer<Leaderboard> leaderboard(String asset, int limit) {
        if (limit < 1 || limit > LEADERS_MAX) {
            throw new IllegalArgumentException("must be 1 to " + LEADERS_MAX + ": limit=" + limit);
        }
        List<List<String>> answers = readAll(
                RedisScript.LEADERBOARD,
                shard -> ScriptCall.of(
                        List.of(keys.position(shard), keys.leaderboard(shard, asset), keys.assets(shard)),
                        asset,
                        Integer.toString(limit)));
        List<Position> positions = trusted(answers);
        Integer decimals = AssetDefinition.decimals(
                answers.get(router.shardOf(AccountId.issuer(asset))).get(1));
        return decimals == null
                ? new Answer<>(positions, Optional.empty())
                : new Answer<>(positions, Optional.of(new Leaderboard(asset, decimals, leaders(answers, limit))));
    }

    private static List<Leader> leaders(List<List<String>> answers, int limit) {
        List<Leader> candidates = new ArrayList<>();
        for (List<String> read : answers) {
            for (int i = 2; i + 1 < read.size(); i += 2) {
                candidates.add(Leader.parse(read.get(i), read.get(i + 1)));
            }
        }
        candidates.sort(Leader.ORDER);
        return IntStream.range(0, Math.min(limit, candidates.size()))
                .mapToObj(i -> candidates.get(i).ranked(i + 1))
                .toList();
    }

    /**
     * A part of a shard's accounts, for whoever has to see them all.
     *
     * @param shard 0 to the number of shards less 1
     * @param page 0 to {@link #PAGES} less 1; the system accounts are on page 0
     */
    public AccountsPage accounts(int shard, int page) {
        if (page < 0 || page >= PAGES) {
            throw new IllegalArgumentException("must be 0 to " + (PAGES - 1) + ": page=" + page);
        }
        List<String> names = new ArrayList<>(HASHES_A_PAGE + 2);
        names.add(keys.position(shard));
        if (page == 0) {
            names.add(keys.system(shard));
        }
        for (int hash = page * HASHES_A_PAGE; hash < (page + 1) * HASHES_A_PAGE; hash++) {
            names.add(keys.accountHash(shard, hash));
        }
        List<String> read = read(RedisScript.ACCOUNTS, ScriptCall.of(names));
        Position position = trusted(shard, read);
        Map<String, List<Holding>> accounts = HashMap.newHashMap(read.size() / 2);
        for (int i = 1; i + 1 < read.size(); i += 2) {
            accounts.put(read.get(i), StoredAccount.holdings(read.get(i + 1)));
        }
        return new AccountsPage(position, accounts);
    }

    /** The sequence that the store has of a shard, even while it is being rebuilt; 0 when it has none. */
    @Override
    public long sequence(int shard) {
        try {
            String text = link.await(link.commands().get(keys.position(shard)).toCompletableFuture());
            return text == null ? 0 : parse(text).sequence();
        } catch (RedisException e) {
            throw unavailable(e);
        }
    }

    /**
     * The positions of all shards.
     *
     * @throws StoreUnavailableException also when one of them is empty or being rebuilt
     */
    public List<Position> positions() {
        return trusted(readAll(RedisScript.ACCOUNTS, shard -> ScriptCall.of(List.of(keys.position(shard)))));
    }

    private List<String> read(RedisScript script, ScriptCall call) {
        try {
            return link.await(link.read(script, call));
        } catch (RedisException e) {
            throw unavailable(e);
        }
    }

    /** Asks all shards at once; the answers come in the order of the shards. */
    private List<List<String>> readAll(RedisScript script, IntFunction<ScriptCall> call) {
        try {
            List<CompletableFuture<List<String>>> asked = IntStream.range(0, router.shards())
                    .mapToObj(shard -> link.read(script, call.apply(shard)))
                    .toList();
            return asked.stream().map(link::await).toList();
        } catch (RedisException e) {
            throw unavailable(e);
        }
    }

    private List<Position> trusted(List<List<String>> answers) {
        return IntStream.range(0, answers.size())
                .mapToObj(shard -> trusted(shard, answers.get(shard)))
                .toList();
    }

    /** The position at the head of an answer, if the data that go with it are all that the shard has at that position. */
    private static Position trusted(int shard, List<String> read) {
        if (read.isEmpty()) {
            throw new StoreUnavailableException(
                    "STORE_EMPTY", "Redis has no data of shard " + shard + "; the projector will rebuild it");
        }
        StorePosition position = parse(read.getFirst());
        if (position.isRebuilding()) {
            throw new StoreUnavailableException(
                    "STORE_REBUILDING",
                    "Redis is being rebuilt: shard " + shard + " is at offset " + position.offset() + " of "
                            + position.rebuildUntil());
        }
        return new Position(shard, position.sequence());
    }

    private static StorePosition parse(String text) {
        try {
            return StorePosition.parse(text);
        } catch (MalformedException e) {
            throw new StoreUnavailableException("STORE_DAMAGED", "Redis holds a position that is not one: " + text, e);
        }
    }

    private static StoreUnavailableException unavailable(RedisException e) {
        return new StoreUnavailableException("STORE_UNAVAILABLE", "Redis does not answer now", e);
    }
}
