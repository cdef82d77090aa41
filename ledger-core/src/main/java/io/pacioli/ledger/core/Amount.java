package io.pacioli.ledger.core;

import java.math.BigInteger;

/**
 * A whole number of minor units of an asset: 0 to 10<sup>38</sup>-1, what PostgreSQL's {@code NUMERIC(38,0)} holds.
 *
 * @param minorUnits the number, exact
 */
public record Amount(BigInteger minorUnits) implements Comparable<Amount> {
    /** The most digits that an amount or a balance has. */
    public static final int DIGITS_MAX = 38;

    /** The largest amount and the largest absolute value of a balance, in minor units: 10<sup>38</sup>-1. */
    public static final BigInteger MAX = BigInteger.TEN.pow(DIGITS_MAX).subtract(BigInteger.ONE);

    /** No money. */
    public static final Amount ZERO = new Amount(BigInteger.ZERO);

    private static final int LONG_BITS = 63;
    private static final int LONG_DIGITS_SAFE = 18;

    /** @throws MalformedException when the number is negative or has more than 38 digits */
    public Amount {
        if (minorUnits.signum() < 0 || !isInRange(minorUnits)) {
            throw new MalformedException("amount", "must be 0 to 38 nines in minor units", minorUnits.toString());
        }
    }

    /** The amount of that many minor units. */
    public static Amount of(long minorUnits) {
        return new Amount(BigInteger.valueOf(minorUnits));
    }

    /**
     * Reads an amount.
     *
     * @param field the name to blame when the text is malformed
     * @param digits 1 to 38 ASCII digits, nothing else: no sign, point, exponent or space
     * @throws MalformedException when the text is anything else
     */
    public static Amount parse(String field, String digits) {
        return new Amount(parseUnsigned(field, digits, 0, "must be a string of 1 to 38 digits (minor units)"));
    }

    /**
     * Reads a signed number of minor units, such as a lowest balance.
     *
     * @param field the name to blame when the text is malformed
     * @param text 1 to 38 ASCII digits, with a leading {@code -} when negative
     * @throws MalformedException when the text is anything else
     */
    public static BigInteger parseSigned(String field, String text) {
        String rule = "must be a string of 1 to 38 digits (minor units), with a leading - when negative";
        boolean isNegative = text.startsWith("-");
        BigInteger unsigned = parseUnsigned(field, text, isNegative ? 1 : 0, rule);
        return isNegative ? unsigned.negate() : unsigned;
    }

    private static BigInteger parseUnsigned(String field, String text, int from, String rule) {
        int length = text.length() - from;
        boolean wellFormed = length >= 1 && length <= DIGITS_MAX;
        long number = 0;
        for (int i = from; wellFormed && i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            wellFormed = digit >= 0 && digit <= 9;
            number = 10 * number + digit;
        }
        if (!wellFormed) {
            throw new MalformedException(field, rule, text);
        }
        return length <= LONG_DIGITS_SAFE ? BigInteger.valueOf(number) : new BigInteger(text.substring(from));
    }

    /** Whether the absolute value has at most 38 digits. */
    public static boolean isInRange(BigInteger minorUnits) {
        return minorUnits.bitLength() <= LONG_BITS || minorUnits.abs().compareTo(MAX) <= 0;
    }

    /** The decimal digits of a signed number; faster than {@link BigInteger#toString()} for what fits into a long. */
    public static String digits(BigInteger minorUnits) {
        return minorUnits.bitLength() <= LONG_BITS ? Long.toString(minorUnits.longValue()) : minorUnits.toString();
    }

    /** Whether this is more than nothing. */
    public boolean isPositive() {
        return minorUnits.signum() > 0;
    }

    @Override
    public int compareTo(Amount other) {
        return minorUnits.compareTo(other.minorUnits);
    }

    @Override
    public String toString() {
        return digits(minorUnits);
    }
}
