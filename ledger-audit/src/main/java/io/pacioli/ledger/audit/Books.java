package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Account;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Holding;
import io.pacioli.ledger.core.Position;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All balances of a ledger, as the journal says. A view of the fold: valid until the fold reads on. Not thread safe.
 */
public final class Books {
    private final List<ShardBooks> shards;

    Books(List<ShardBooks> shards) {
        this.shards = shards;
    }

    List<ShardBooks> shards() {
        return shards;
    }

    /** The position of the last good entry of each shard; sequence 0 for a shard without entries. */
    public List<Position> positions() {
        return shards.stream()
                .map(fold -> new Position(
                        fold.state().header().shard(), fold.state().header().sequence()))
                .toList();
    }

    /** How many entries were folded. */
    public long entries() {
        return shards.stream().mapToLong(ShardBooks::entries).sum();
    }

    /** How many of them reject a command. */
    public long rejections() {
        return shards.stream().mapToLong(ShardBooks::rejections).sum();
    }

    /** Where the journal is damaged: the first place of each shard that is. Empty when all is well. */
    public List<Finding> faults() {
        return shards.stream()
                .map(ShardBooks::fault)
                .flatMap(fault -> Optional.ofNullable(fault).stream())
                .toList();
    }

    /** How many accounts there are, counted on each shard. */
    public long accounts() {
        return shards.stream().mapToLong(fold -> fold.state().accounts().size()).sum();
    }

    /** How many balances are not zero. */
    public long balances() {
        return shards.stream()
                .flatMap(fold -> fold.state().accounts().stream())
                .mapToLong(account -> account.holdings().size())
                .sum();
    }

    /** What an account has of an asset on a shard; an empty holding for one that the journal does not know. */
    public Holding holding(int shard, String account, String asset) {
        Account known =
                shard >= 0 && shard < shards.size() ? shards.get(shard).state().account(account) : null;
        return known == null ? Holding.empty(asset) : known.holding(asset);
    }

    /** Hands over each holding that is not empty, in no order. */
    public void forEach(HoldingVisitor visitor) {
        for (ShardBooks fold : shards) {
            int shard = fold.state().header().shard();
            for (Account account : fold.state().accounts()) {
                for (Holding holding : account.holdings()) {
                    visitor.visit(shard, account.id(), holding);
                }
            }
        }
    }

    /** The books of each asset, by code. */
    public SortedMap<String, AssetBooks> assets() {
        SortedMap<String, Tally> tallies = new TreeMap<>();
        for (ShardBooks fold : shards) {
            for (Asset asset : fold.state().assets()) {
                tallies.computeIfAbsent(asset.code(), code -> new Tally()).asset = asset;
            }
        }
        forEach((shard, account, holding) ->
                tallies.computeIfAbsent(holding.asset(), code -> new Tally()).add(account, holding));
        SortedMap<String, AssetBooks> books = new TreeMap<>();
        tallies.forEach((code, tally) -> books.put(code, tally.books(code)));
        return books;
    }

    /** Whether the journal is undamaged and every asset sums to zero over all accounts. */
    public boolean balance() {
        return faults().isEmpty() && assets().values().stream().allMatch(AssetBooks::balances);
    }

    /** Whether no message is under way between shards: whatever one has sent, the other has received. */
    public boolean isSettled() {
        for (ShardBooks from : shards) {
            for (ShardBooks to : shards) {
                int sender = from.state().header().shard();
                int receiver = to.state().header().shard();
                if (from.state().channel(receiver).sent()
                        != to.state().channel(sender).received()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Hears of holdings. */
    @FunctionalInterface
    public interface HoldingVisitor {
        /**
         * One holding.
         *
         * @param shard where it is kept; an account's own shard, or any for a clearing account
         * @param account the account's id
         * @param holding what it has
         */
        void visit(int shard, String account, Holding holding);
    }

    private static final class Tally {
        private @Nullable Asset asset;
        private BigInteger sum = BigInteger.ZERO;
        private BigInteger supply = BigInteger.ZERO;
        private BigInteger inTransit = BigInteger.ZERO;
        private long holders;

        void add(String account, Holding holding) {
            BigInteger total = holding.total();
            sum = sum.add(total);
            if (AccountId.isClearing(account)) {
                inTransit = inTransit.add(total);
            } else if (AccountId.isIssuer(account)) {
                supply = supply.subtract(total);
            } else {
                holders++;
            }
        }

        AssetBooks books(String code) {
            Asset known = Objects.requireNonNullElseGet(asset, () -> new Asset(code, code, "", "", 0, null));
            return new AssetBooks(known, sum, supply, inTransit, holders);
        }
    }
}
