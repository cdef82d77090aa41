package io.pacioli.ledger.core;

import java.text.Normalizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The shape of every text in a command, in one place, with its limits. All methods return their argument, so that record
 * constructors read as a list of fields, and throw {@link MalformedException} naming the field, the rule and the value.
 */
public final class Fields {
    /** Longest account id, in UTF-16 characters. */
    public static final int ACCOUNT_LENGTH_MAX = 128;

    /** Longest command id, in UTF-16 characters. */
    public static final int ID_LENGTH_MAX = 128;

    /** Longest asset code, in characters. */
    public static final int ASSET_LENGTH_MAX = 16;

    /** Longest name of an asset, in UTF-16 characters. */
    public static final int NAME_LENGTH_MAX = 64;

    /** Longest symbol or emoji of an asset, in UTF-16 characters. */
    public static final int SYMBOL_LENGTH_MAX = 16;

    /** Longest memo, in UTF-16 characters. */
    public static final int MEMO_LENGTH_MAX = 256;

    /** Most metadata members of a command. */
    public static final int METADATA_ENTRIES_MAX = 16;

    /** Longest metadata key, in UTF-16 characters. */
    public static final int METADATA_KEY_LENGTH_MAX = 64;

    /** Longest metadata value, in UTF-16 characters. */
    public static final int METADATA_VALUE_LENGTH_MAX = 256;

    /** Most assets for which one account has limits of its own. */
    public static final int ACCOUNT_LIMITS_MAX = 64;

    /** Most decimals of an asset. */
    public static final int DECIMALS_MAX = 18;

    /** The last millisecond of the year 9999. */
    static final long TIME_MILLIS_MAX = 253_402_300_799_999L;

    private Fields() {}

    /** A command id: 1 to 128 printable characters without spaces. */
    public static String id(String field, String value) {
        return identifier(field, value, ID_LENGTH_MAX);
    }

    /** An account id: 1 to 128 printable characters without spaces, in Unicode's normal form C. */
    public static String account(String field, String value) {
        return identifier(field, value, ACCOUNT_LENGTH_MAX);
    }

    /** An asset code: 1 to 16 of {@code A-Z 0-9 . _ -}, starting with a letter. */
    public static String asset(String field, String value) {
        boolean wellFormed = !value.isEmpty() && value.length() <= ASSET_LENGTH_MAX && isUpper(value.charAt(0));
        for (int i = 1; wellFormed && i < value.length(); i++) {
            char c = value.charAt(i);
            wellFormed = isUpper(c) || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        }
        if (!wellFormed) {
            throw new MalformedException(field, "must be 1 to 16 of A-Z 0-9 . _ - and start with a letter", value);
        }
        return value;
    }

    /** An account id, or null. */
    static void optionalAccount(String field, @Nullable String value) {
        if (value != null) {
            account(field, value);
        }
    }

    /** A time in milliseconds since 1970-01-01 UTC, before the year 10000, or null. */
    static void time(String field, @Nullable Long millis) {
        if (millis != null && (millis < 0 || millis > TIME_MILLIS_MAX)) {
            throw new MalformedException(field, "must be in the years 1970 to 9999", Long.toString(millis));
        }
    }

    /** Text for people: up to the given number of characters, none of them a control character or a lone surrogate. */
    public static String text(String field, String value, int lengthMax) {
        if (value.length() > lengthMax || !isText(value)) {
            throw new MalformedException(
                    field, "must be at most " + lengthMax + " characters, none a control character", value);
        }
        return value;
    }

    /** Whole decimals: 0 to 18. */
    public static int decimals(String field, int value) {
        if (value < 0 || value > DECIMALS_MAX) {
            throw new MalformedException(field, "must be 0 to " + DECIMALS_MAX, Integer.toString(value));
        }
        return value;
    }

    /** Metadata: at most 16 members, keys of 1 to 64 and values of up to 256 characters. Returns an immutable copy. */
    public static Map<String, String> metadata(Map<String, String> metadata) {
        if (metadata.isEmpty()) {
            return Map.of();
        }
        sizeAtMost("metadata", metadata, METADATA_ENTRIES_MAX);
        metadata.forEach((key, value) -> {
            if (key.isEmpty()) {
                throw new MalformedException("metadata", "keys must not be empty", key);
            }
            text("metadata", key, METADATA_KEY_LENGTH_MAX);
            text("metadata." + key, value, METADATA_VALUE_LENGTH_MAX);
        });
        return Canonical.copy(metadata);
    }

    static void sizeAtMost(String field, Map<String, ?> map, int entriesMax) {
        if (map.size() > entriesMax) {
            throw new MalformedException(
                    field, "must have at most " + entriesMax + " members", Integer.toString(map.size()));
        }
    }

    private static String identifier(String field, String value, int lengthMax) {
        boolean ascii = true;
        boolean wellFormed = !value.isEmpty() && value.length() <= lengthMax;
        for (int i = 0; wellFormed && i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                ascii = false;
                break;
            }
            wellFormed = c > ' ' && c < 0x7F;
        }
        if (wellFormed && !ascii) {
            wellFormed = value.codePoints().allMatch(Fields::isVisible)
                    && Normalizer.isNormalized(value, Normalizer.Form.NFC);
        }
        if (!wellFormed) {
            throw new MalformedException(
                    field,
                    "must be 1 to " + lengthMax + " printable characters without spaces, in normal form C",
                    value);
        }
        return value;
    }

    private static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static boolean isText(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == 0x7F || (c >= 0x80 && !isTextAt(value, i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isTextAt(String value, int index) {
        char c = value.charAt(index);
        if (Character.isHighSurrogate(c)) {
            return index + 1 < value.length() && Character.isLowSurrogate(value.charAt(index + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return index > 0 && Character.isHighSurrogate(value.charAt(index - 1));
        }
        return !Character.isISOControl(c);
    }
}
