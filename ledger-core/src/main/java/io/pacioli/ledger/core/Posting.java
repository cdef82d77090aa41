package io.pacioli.ledger.core;

import java.math.BigInteger;

/**
 * The signed change of one bucket of one account.
 *
 * @param account its id
 * @param bucket the part that changes
 * @param asset the asset's code
 * @param amount the change in minor units, negative when money leaves
 * @param balance the bucket's balance after it, in minor units
 * @param version the account's version after it: how many postings the account has had on this shard, gapless from 1
 */
public record Posting(
        String account, Bucket bucket, String asset, BigInteger amount, BigInteger balance, long version) {
    /** @throws InvariantViolation when the amount has more than 38 digits: no record of it could be read */
    public Posting {
        Invariant.check(Amount.isInRange(amount), "must have at most 38 digits: amount=", amount);
    }
}
