package io.pacioli.ledger.projection.redis;

import io.pacioli.ledger.core.AccountStatus;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an account stands among all that have an asset.
 *
 * @param account its id
 * @param status whether it may pay and be paid
 * @param decimals how many digits of a total stand behind the point when people read it; null when there is no such asset
 * @param rank 1 for the one that has the most; null for an account that has nothing of the asset, or nothing on balance
 * @param total what it has in all buckets, in minor units, exact
 * @param count how many accounts are ranked
 * @param before those that stand right before it, the largest first
 * @param after those that stand right after it, the largest first
 */
public record Standing(
        String account,
        AccountStatus status,
        @Nullable Integer decimals,
        @Nullable Integer rank,
        BigInteger total,
        long count,
        List<Leader> before,
        List<Leader> after) {}
