package io.pacioli.ledger.core;

import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How low an account's available balance and how high its total may go, by asset, in minor units.
 *
 * @param lowest the lowest balance allowed, zero or negative (a credit line); 0 for assets that are not in it
 * @param highest the highest balance allowed, total over the buckets with what transactions have promised; none for assets that are not in it
 */
public record AccountLimits(Map<String, BigInteger> lowest, Map<String, Amount> highest) {
    /** No credit and no ceiling. */
    public static final AccountLimits DEFAULT = new AccountLimits(Map.of(), Map.of());

    /** @throws MalformedException when an asset code or a number is malformed, or there are more than 64 assets */
    public AccountLimits {
        Fields.sizeAtMost("limits", lowest, Fields.ACCOUNT_LIMITS_MAX);
        Fields.sizeAtMost("maxBalances", highest, Fields.ACCOUNT_LIMITS_MAX);
        lowest.forEach((asset, limit) -> {
            Fields.asset("limits", asset);
            if (!Amount.isInRange(limit)) {
                throw new MalformedException("limits." + asset, "must have at most 38 digits", limit.toString());
            }
        });
        highest.keySet().forEach(asset -> Fields.asset("maxBalances", asset));
        lowest = Canonical.copy(lowest);
        highest = Canonical.copy(highest);
    }

    /** The lowest available balance allowed of an asset. */
    public BigInteger lowest(String asset) {
        return lowest.isEmpty() ? BigInteger.ZERO : lowest.getOrDefault(asset, BigInteger.ZERO);
    }

    /** The highest total balance allowed of an asset, or null when there is no ceiling. */
    public @Nullable Amount highest(String asset) {
        return highest.isEmpty() ? null : highest.get(asset);
    }
}
