package io.pacioli.ledger.api;

import io.pacioli.ledger.core.MalformedException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/** Times in messages: ISO 8601 in UTC with exactly three decimals, {@code 2026-11-23T10:15:30.123Z}, for the years 1970 to 9999. */
public final class Timestamps {
    private static final long DAY_MILLIS = 86_400_000L;
    private static final int LENGTH = 24;

    private Timestamps() {}

    /** The text of a time in milliseconds since 1970-01-01 UTC. */
    public static String format(long millis) {
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(millis, DAY_MILLIS));
        int rest = (int) Math.floorMod(millis, DAY_MILLIS);
        char[] text = "0000-00-00T00:00:00.000Z".toCharArray();
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
        try {
            if (text.length() == LENGTH) {
                return Instant.parse(text).toEpochMilli();
            }
        } catch (DateTimeException e) {
            // Said below, in the ledger's own words.
        }
        throw new MalformedException(field, "must be a UTC time such as 2026-11-23T10:15:30.123Z", text);
    }

    private static void digits(char[] text, int offset, int length, int value) {
        int rest = value;
        for (int i = offset + length - 1; i >= offset; i--) {
            text[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
    }
}
