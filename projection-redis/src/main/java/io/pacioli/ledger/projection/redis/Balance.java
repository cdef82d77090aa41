package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.Holding;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What an account has of one asset, in minor units.
 *
 * @param asset its code
 * @param available spendable; negative when the account uses a credit line
 * @param held reserved by holds
 * @param locked not spendable before a date
 * @param staked staked
 * @param total the sum of the four
 * @param decimals how many digits stand behind the point when people read the amounts; null for the moment in which a shard has been
 *     paid in an asset that it has not learned of yet
 */
public record Balance(
        String asset,
        BigInteger available,
        BigInteger held,
        BigInteger locked,
        BigInteger staked,
        BigInteger total,
        @Nullable Integer decimals) {
    static Balance of(Holding holding, @Nullable Integer decimals) {
        return new Balance(
                holding.asset(),
                holding.available(),
                holding.held(),
                holding.locked(),
                holding.staked(),
                holding.total(),
                decimals);
    }
}
