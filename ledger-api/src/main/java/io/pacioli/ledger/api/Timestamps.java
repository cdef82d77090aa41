package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.core.MalformedException;
import java.time.DateTimeException;
import java.time.LocalDate;

/** Times in messages: ISO 8601 in UTC with exactly three decimals, {@code 2026-11-23T10:15:30.123Z}, for the years 1970 to 9999. */
public final class Timestamps {
    private static final long DAY_MILLIS = 86_400_000L;
    private static final String FORM = "0000-00-00T00:00:00.000Z";
    private static final int YEAR_MIN = 1970;
    private static final long MILLIS_MAX = 253_402_300_799_999L;

    private Timestamps() {}

    /**
     * The text of a time in milliseconds since 1970-01-01 UTC.
     *
     * @throws io.pacioli.ledger.core.InvariantViolation when it is before 1970 or after 9999
     */
    public static String format(long millis) {
        Invariant.check(millis >= 0 && millis <= MILLIS_MAX, "must be in the years 1970 to 9999: millis=", millis);
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(millis, DAY_MILLIS));
        int rest = (int) Math.floorMod(millis, DAY_MILLIS);
        char[] text = FORM.toCharArray();
        digits(text, 0, 4, day.getYear());
        digits(text, 5, 2, day.getMonthValue());
        digits(text, 8, 2, day.getDayOfMonth());
        digits(text, 11, 2, rest / 3_600_000);
        digits(text, 14, 2, rest / 60_000 % 60);
        digits(text, 17, 2, rest / 1_000 % 60);
        digits(text, 20, 3, rest % 1_000);
        return new String(text);
    }

    /** @throws MalformedException when the text is not in the form that {@link #format} writes */
    public static long parse(String field, String text) {
        return parse(field, text, text);
    }

    private static long parse(String field, String text, String given) {
        if (hasForm(text)) {
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            int second = number(text, 17, 19);
            int year = number(text, 0, 4);
            if (hour < 24 && minute < 60 && second < 60 && year >= YEAR_MIN) {
                try {
                    LocalDate day = LocalDate.of(year, number(text, 5, 7), number(text, 8, 10));
                    return day.toEpochDay() * DAY_MILLIS
                            + ((hour * 60 + minute) * 60 + second) * 1_000L
                            + number(text, 20, 23);
                } catch (DateTimeException e) {
                    throw malformed(field, given);
                }
            }
        }
        throw malformed(field, given);
    }

    /**
     * Reads a time as clients write it: the form that {@link #format} writes, with none to three decimals.
     *
     * @throws MalformedException when the text is in another form
     */
    public static long parseLenient(String field, String text) {
        int missing = FORM.length() - text.length();
        if (missing < 0 || missing > 4 || missing == 3 || !text.endsWith("Z")) {
            throw malformed(field, text);
        }
        String time = text.substring(0, text.length() - 1) + (missing == 4 ? "." : "");
        return parse(field, time + "0".repeat(Math.min(missing, 3)) + "Z", text);
    }

    private static boolean hasForm(String text) {
        if (text.length() != FORM.length()) {
            return false;
        }
        for (int i = 0; i < FORM.length(); i++) {
            char c = text.charAt(i);
            if (FORM.charAt(i) == '0' ? c < '0' || c > '9' : c != FORM.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The number that the digits there spell; nothing but digits may be there. */
    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
    }

    private static MalformedException malformed(String field, String text) {
        return new MalformedException(field, "must be a UTC time such as 2026-11-23T10:15:30.123Z", text);
    }

    private static void digits(char[] text, int offset, int length, int value) {
        int rest = value;
        for (int i = offset + length - 1; i >= offset; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
