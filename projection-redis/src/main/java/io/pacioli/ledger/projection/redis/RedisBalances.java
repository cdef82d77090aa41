package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Router;
import io.pacioli.ledger.service.PositionSource;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Reads live balances, whether this process projects them or another one does. A question costs one round trip, unless it says
 * otherwise.
 *
 * <p>Methods block, and throw a {@link StoreUnavailableException} rather than answer from a store that is away, empty or being
 * rebuilt. Thread safe.
 */
public final class RedisBalances implements PositionSource {
    /** The longest leaderboard that may be asked for. */
    public static final int LEADERS_MAX = 1_000;

    /** The most neighbours on either side that may be asked for. */
    public static final int NEIGHBOURS_MAX = 50;

    /** The most accounts that may be asked for at once. */
    public static final int ACCOUNTS_MAX = 1_000;

    /** Into how many pages the accounts of a shard are divided. */
    public static final int PAGES = 64;

    /** Hashes that are tried first when accounts are listed: more names are sent only when these have too few. */
    private static final int HASHES_FIRST = 256;

    /** Shards that are walked over for one list, so that it comes in time when most have no accounts. */
    private static final int LIST_SHARDS_MAX = 16;

    private final ShardReader reader;
    private final RedisKeys keys;
    private final Router router;
    private final Leaderboards leaderboards;

    RedisBalances(RedisLink link, RedisKeys keys, Router router) {
        this.reader = new ShardReader(link, keys, router);
        this.keys = keys;
        this.router = router;
        this.leaderboards = new Leaderboards(reader);
    }

    /** The number of shards. */
    public int shards() {
        return router.shards();
    }

    /** Where a list of accounts goes on, see {@link AccountCursor#parse}. */
    AccountCursor cursor(String text) {
        return AccountCursor.parse(text, router);
    }

    /**
     * What an account has; no balances for one that was opened and never credited.
     *
     * @param account a client's, or an issuer; not a clearing account, as those are on every shard
     */
    public Answer<AccountBalances> account(String account) {
        Answer<List<AccountBalances>> answer = accounts(List.of(account));
        return new Answer<>(
                answer.positions(),
                answer.value().flatMap(found -> found.stream().findFirst()));
    }

    /**
     * What some accounts have: those that there are, in the order given, each once. Those of one shard are told as of one position;
     * the shards are asked at once.
     *
     * @param accounts 1 to {@link #ACCOUNTS_MAX} of the kind that {@link #account} takes
     */
    public Answer<List<AccountBalances>> accounts(Collection<String> accounts) {
        Set<String> wanted = new LinkedHashSet<>(accounts);
        if (wanted.isEmpty() || wanted.size() > ACCOUNTS_MAX) {
            throw new IllegalArgumentException("must be 1 to " + ACCOUNTS_MAX + ": accounts=" + wanted.size());
        }
        Map<Integer, List<String>> byShard =
                wanted.stream().collect(Collectors.groupingBy(router::shardOf, TreeMap::new, Collectors.toList()));
        List<StoredAccounts> reads = reader
                .readAll(
                        byShard.keySet(),
                        RedisScript.ACCOUNTS,
                        shard -> named(shard, byShard.getOrDefault(shard, List.of())))
                .stream()
                .map(StoredAccounts::of)
                .toList();
        Map<String, AccountBalances> found = new HashMap<>();
        for (StoredAccounts read : reads) {
            read.texts().keySet().forEach(id -> read.account(id).ifPresent(account -> found.put(id, account)));
        }
        return new Answer<>(
                reads.stream().map(StoredAccounts::position).toList(),
                Optional.of(wanted.stream()
                        .filter(found::containsKey)
                        .map(found::get)
                        .toList()));
    }

    /** The call that reads accounts of a shard by their ids. */
    private ScriptCall named(int shard, List<String> accounts) {
        List<String> names = new ArrayList<>(List.of(keys.position(shard), keys.assets(shard)));
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(accounts.size()), "0"));
        for (String account : accounts) {
            names.add(keys.accounts(shard, account));
            arguments.add(account);
        }
        return ScriptCall.of(names, arguments.toArray(String[]::new));
    }

    /**
     * Goes on with a walk over all clients' accounts, in two round trips a shard at most. Each shard's accounts are told as of one
     * position. There may be fewer than the limit, or none, although others follow.
     *
     * @param from {@link AccountCursor#START}, or where the list before ended
     * @param limit how many at most, 1 to {@link #ACCOUNTS_MAX}
     */
    public Answer<AccountList> list(AccountCursor from, int limit) {
        checkLimit(limit, ACCOUNTS_MAX);
        List<Position> positions = new ArrayList<>();
        List<AccountBalances> accounts = new ArrayList<>();
        AccountCursor next = from;
        while (next != null && accounts.size() < limit && positions.size() < LIST_SHARDS_MAX) {
            int wanted = limit - accounts.size();
            StoredAccounts read = readFrom(next, wanted);
            positions.add(read.position());
            List<String> ids = following(read, next);
            ids.stream()
                    .limit(wanted)
                    .forEach(id -> accounts.add(read.account(id).orElseThrow()));
            next = ids.size() > wanted
                    ? AccountCursor.after(next.shard(), ids.get(wanted - 1))
                    : next.behind(read.hashes(), router.shards());
        }
        return new Answer<>(positions, Optional.of(new AccountList(List.copyOf(accounts), next)));
    }

    /** Reads so many hashes of a shard that they have enough accounts behind the cursor, or all that are left of it. */
    private StoredAccounts readFrom(AccountCursor cursor, int wanted) {
        int first = Math.min(cursor.hash() + Math.max(HASHES_FIRST, wanted), RedisKeys.ACCOUNT_HASHES);
        StoredAccounts read = walk(cursor, first, wanted);
        boolean isEnough =
                first == RedisKeys.ACCOUNT_HASHES || following(read, cursor).size() >= wanted;
        return isEnough ? read : walk(cursor, RedisKeys.ACCOUNT_HASHES, wanted);
    }

    private StoredAccounts walk(AccountCursor cursor, int end, int wanted) {
        int shard = cursor.shard();
        List<String> names = new ArrayList<>(List.of(keys.position(shard), keys.assets(shard)));
        for (int hash = cursor.hash(); hash < end; hash++) {
            names.add(keys.accountHash(shard, hash));
        }
        String uncounted = cursor.after().isEmpty() ? "0" : "1";
        return StoredAccounts.of(
                reader.read(shard, RedisScript.ACCOUNTS, ScriptCall.of(names, Integer.toString(wanted), uncounted)));
    }

    private static List<String> following(StoredAccounts read, AccountCursor cursor) {
        return read.texts().keySet().stream()
                .filter(cursor::isBefore)
                .sorted(AccountCursor.ORDER)
                .toList();
    }

    /** All assets, by code. */
    public Answer<List<AssetSupply>> assets() {
        List<ShardReader.Read> reads = reader.readAll(RedisScript.ASSETS, shard -> ScriptCall.of(issued(shard)));
        List<AssetSupply> assets = reads.stream()
                .flatMap(read -> supplies(read.texts()).stream())
                .sorted(Comparator.comparing(supply -> supply.definition().asset()))
                .toList();
        return new Answer<>(reads.stream().map(ShardReader.Read::position).toList(), Optional.of(assets));
    }

    /** One asset. */
    public Answer<AssetSupply> asset(String code) {
        int shard = router.shardOf(AccountId.issuer(code));
        ShardReader.Read read = reader.read(shard, RedisScript.ASSETS, ScriptCall.of(issued(shard), code));
        return new Answer<>(
                List.of(read.position()), supplies(read.texts()).stream().findFirst());
    }

    private List<String> issued(int shard) {
        return List.of(keys.position(shard), keys.assets(shard), keys.system(shard));
    }

    private static List<AssetSupply> supplies(List<String> texts) {
        List<AssetSupply> supplies = new ArrayList<>();
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            AssetDefinition definition = AssetDefinition.parse(texts.get(i));
            BigInteger issued = StoredAccount.holdings(texts.get(i + 1)).stream()
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
        checkLimit(limit, LEADERS_MAX);
        return leaderboards.leaderboard(asset, limit);
    }

    /**
     * Where an account stands among all that have an asset, in two round trips; empty when there is no such account. Its shard is
     * asked before the others are, which are asked at once.
     *
     * @param account a client's: the ledger's own are not ranked
     * @param neighbours how many at most on either side, 0 to {@link #NEIGHBOURS_MAX}
     */
    public Answer<Standing> standing(String asset, String account, int neighbours) {
        if (neighbours < 0 || neighbours > NEIGHBOURS_MAX) {
            throw new IllegalArgumentException("must be 0 to " + NEIGHBOURS_MAX + ": neighbours=" + neighbours);
        }
        return leaderboards.standing(asset, account, neighbours);
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
        List<String> names = new ArrayList<>(List.of(keys.position(shard), keys.assets(shard)));
        names.addAll(keys.page(shard, page));
        String all = Integer.toString(Integer.MAX_VALUE);
        StoredAccounts read =
                StoredAccounts.of(reader.read(shard, RedisScript.ACCOUNTS, ScriptCall.of(names, all, "0")));
        Map<String, List<Holding>> accounts = HashMap.newHashMap(read.texts().size());
        read.texts().forEach((account, text) -> accounts.put(account, StoredAccount.holdings(text)));
        return new AccountsPage(read.position(), accounts);
    }

    /** The sequence that the store has of a shard, even while it is being rebuilt; 0 when it has none. */
    @Override
    public long sequence(int shard) {
        return reader.sequence(shard);
    }

    /**
     * The positions of all shards.
     *
     * @throws StoreUnavailableException also when one of them is empty or being rebuilt
     */
    public List<Position> positions() {
        return reader
                .readAll(
                        RedisScript.ACCOUNTS,
                        shard -> ScriptCall.of(List.of(keys.position(shard), keys.assets(shard)), "0", "0"))
                .stream()
                .map(ShardReader.Read::position)
                .toList();
    }

    private static void checkLimit(int limit, int max) {
        if (limit < 1 || limit > max) {
            throw new IllegalArgumentException("must be 1 to " + max + ": limit=" + limit);
        }
    }
}
