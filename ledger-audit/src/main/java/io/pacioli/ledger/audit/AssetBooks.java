package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Asset;
import java.math.BigInteger;

/**
 * The books of one asset over all shards, in minor units.
 *
 * @param asset its definition
 * @param sum over all accounts, the issuer and the clearing accounts included: zero, or money was made or lost
 * @param supply what circulates: minus the issuer's balance
 * @param inTransit what has left a payer's shard and not reached the payee's yet; part of the supply
 * @param holders how many accounts of clients have a balance that is not zero
 */
public record AssetBooks(Asset asset, BigInteger sum, BigInteger supply, BigInteger inTransit, long holders) {
    /** Whether nothing was made or lost. */
    public boolean balances() {
        return sum.signum() == 0;
    }
}
