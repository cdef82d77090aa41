package io.pacioli.ledger.app;

import io.pacioli.ledger.core.Amount;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts as people write them, {@code 1,234.50}, to and from minor units. Exact at any size. */
public final class AmountText {
    private static final Pattern NUMBER = Pattern.compile("([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\\.([0-9]+))?");
    private static final int GROUP = 3;

    private AmountText() {}

    /**
     * Reads an amount.
     *
     * @param text digits with at most one point; thousands may be grouped by commas
     * @param decimals how many digits may stand behind the point, 0 to 18
     * @param asset the asset's code, for messages
     * @throws CommandFailure when the text is no amount or has more decimals than the asset
     */
    public static Amount parse(String text, int decimals, String asset) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches()) {
            throw new CommandFailure("an amount must be a number such as 12.50 or 1,234: " + text);
        }
        String fraction = matcher.group(2) == null ? "" : matcher.group(2);
        String significant = fraction.replaceFirst("0+$", "");
        if (significant.length() > decimals) {
            throw new CommandFailure(text + " has " + significant.length() + " decimals, and " + asset + " has "
                    + (decimals == 0 ? "none" : decimals));
        }
        String whole = matcher.group(1).replace(",", "");
        BigInteger minorUnits = new BigInteger(whole + significant + "0".repeat(decimals - significant.length()));
        if (!Amount.isInRange(minorUnits)) {
            throw new CommandFailure("an amount must have at most " + Amount.DIGITS_MAX + " digits: " + text);
        }
        return new Amount(minorUnits);
    }

    /** Writes minor units with the asset's decimals and grouped thousands, such as {@code -1,234.50}. */
    public static String format(BigInteger minorUnits, int decimals) {
        String digits = minorUnits.abs().toString();
        if (digits.length() <= decimals) {
            digits = "0".repeat(decimals + 1 - digits.length()) + digits;
        }
        int point = digits.length() - decimals;
        StringBuilder text = new StringBuilder(minorUnits.signum() < 0 ? "-" : "");
        text.append(grouped(digits.substring(0, point)));
        return decimals == 0
                ? text.toString()
                : text.append('.').append(digits, point, digits.length()).toString();
    }

    /** Writes a count with grouped thousands. */
    public static String count(long number) {
        return format(BigInteger.valueOf(number), 0);
    }

    private static String grouped(String digits) {
        StringBuilder grouped = new StringBuilder(digits);
        for (int i = digits.length() - GROUP; i > 0; i -= GROUP) {
            grouped.insert(i, ',');
        }
        return grouped.toString();
    }
}
