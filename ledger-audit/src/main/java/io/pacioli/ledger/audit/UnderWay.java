package io.pacioli.ledger.audit;

import java.math.BigInteger;

/**
 * Money between two shards that has left one and not reached the other.
 *
 * @param one the lower number of the two
 * @param other the other
 * @param asset the asset's code
 * @param amount in minor units; what transactions are about to book may make it negative
 */
public record UnderWay(int one, int other, String asset, BigInteger amount) {}
