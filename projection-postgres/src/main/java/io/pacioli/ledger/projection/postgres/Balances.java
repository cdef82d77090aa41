package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.core.Holding;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answers about balances as of a time or place, as they go out in JSON. */
final class Balances {
    private Balances() {}

    /**
     * A page of what an account had.
     *
     * @param at the time or place asked for
     * @param balances by asset and shard; what was empty is left out
     * @param nextCursor gives the next page; null at the end
     */
    record OfAccount(
            String account,
            String at,
            String asOf,
            List<OfAsset> balances,
            @Nullable String nextCursor) {}

    /**
     * A page of what all accounts had.
     *
     * @param at the time or place asked for
     * @param balances by account, asset and shard; what was empty is left out
     * @param nextCursor gives the next page; null at the end
     */
    record OfAll(
            String at,
            String asOf,
            List<OfAsset> balances,
            @Nullable String nextCursor) {}

    /**
     * What an account had of one asset, in minor units.
     *
     * @param shard that keeps it
     * @param decimals how many digits stand behind the point when people read the amounts; null while the asset's definition is
     *     not known
     */
    record OfAsset(
            String account,
            String asset,
            int shard,
            BigInteger available,
            BigInteger held,
            BigInteger locked,
            BigInteger staked,
            BigInteger total,
            @Nullable Integer decimals) {
        static OfAsset of(BalanceQueries.Held held, @Nullable Integer decimals) {
            Holding holding = held.holding();
            return new OfAsset(
                    held.account(),
                    holding.asset(),
                    held.shard(),
                    holding.available(),
                    holding.held(),
                    holding.locked(),
                    holding.staked(),
                    holding.total(),
                    decimals);
        }
    }
}
