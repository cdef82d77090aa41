package io.pacioli.ledger.core;

import java.math.BigInteger;

/**
 * What an account has of one asset, in minor units.
 *
 * @param asset its code
 * @param available spendable; may be negative down to the account's lowest balance
 * @param held reserved by holds
 * @param locked not spendable before a date
 * @param staked staked
 */
public record Holding(String asset, BigInteger available, BigInteger held, BigInteger locked, BigInteger staked) {
    /** Nothing of an asset. */
    public static Holding empty(String asset) {
        return new Holding(asset, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);
    }

    /** The balance of one bucket. */
    public BigInteger balance(Bucket bucket) {
        return switch (bucket) {
            case AVAILABLE -> available;
            case HELD -> held;
            case LOCKED -> locked;
            case STAKED -> staked;
        };
    }

    /** The sum over all buckets. */
    public BigInteger total() {
        return available.add(held).add(locked).add(staked);
    }

    /** Whether nothing is left in any bucket. */
    public boolean isEmpty() {
        return available.signum() == 0 && held.signum() == 0 && locked.signum() == 0 && staked.signum() == 0;
    }

    /** This holding with another balance in one bucket. */
    public Holding with(Bucket bucket, BigInteger balance) {
        return switch (bucket) {
            case AVAILABLE -> new Holding(asset, balance, held, locked, staked);
            case HELD -> new Holding(asset, available, balance, locked, staked);
            case LOCKED -> new Holding(asset, available, held, balance, staked);
            case STAKED -> new Holding(asset, available, held, locked, balance);
        };
    }
}
