package io.pacioli.ledger.projection.postgres;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The reports, as they go out in JSON. */
final class Reports {
    private Reports() {}

    /**
     * A page of all assets, by their codes.
     *
     * @param nextCursor gives the next page; null at the end
     */
    record Assets(
            String asOf, List<AssetSupply> assets, @Nullable String nextCursor) {}

    /**
     * An asset.
     *
     * @param maxSupply the most that may circulate, in minor units; null for no limit of its own
     * @param supply what circulates, in minor units
     */
    record AssetSupply(
            String asset,
            String name,
            String symbol,
            String emoji,
            int decimals,
            @Nullable BigInteger maxSupply,
            BigInteger supply) {}

    /**
     * What all accounts have together.
     *
     * @param at the time or place asked for; null for now
     */
    record TrialBalance(@Nullable String at, String asOf, List<AssetBalance> assets) {}

    /**
     * What all accounts have of an asset, in minor units.
     *
     * @param decimals how many digits stand behind the point when people read the amounts; null while the asset's definition is
     *     not known
     * @param accounts how many clients' accounts have any of it
     * @param issuer its issuer's balance: minus what circulates
     * @param clearing what is between shards
     * @param sum of all balances: zero, when all shards are as far
     */
    record AssetBalance(
            String asset,
            @Nullable Integer decimals,
            long accounts,
            Statement.Amounts clients,
            BigInteger issuer,
            BigInteger clearing,
            BigInteger sum) {}

    /**
     * What happened with an asset, hour by hour or day by day.
     *
     * @param from the beginning of the first period
     * @param to the end of the last one
     */
    record AssetActivity(
            String asset, int decimals, String by, Instant from, Instant to, String asOf, List<AssetPeriod> periods) {}

    /**
     * A period of an asset, amounts in minor units.
     *
     * @param supply what circulated at its end; null when the store no longer has the postings that tell
     * @param minted what came into circulation
     * @param burned what went out of it
     * @param volume what was moved between clients' accounts
     * @param returned what of that came back, because it could not be credited
     * @param transfers how many movements between clients' accounts were decided
     * @param activeAccounts how many clients' accounts changed
     */
    record AssetPeriod(
            Instant starts,
            @Nullable BigInteger supply,
            BigInteger minted,
            BigInteger burned,
            BigInteger volume,
            BigInteger returned,
            long transfers,
            long activeAccounts) {}

    /**
     * How many commands were rejected, hour by hour or day by day.
     *
     * @param from the beginning of the first period
     * @param to the end of the last one
     */
    record RejectionCounts(String by, Instant from, Instant to, String asOf, List<RejectionPeriod> periods) {}

    /** A period of rejections; codes that did not occur are left out. */
    record RejectionPeriod(Instant starts, long rejections, Map<String, Long> codes) {}
}
