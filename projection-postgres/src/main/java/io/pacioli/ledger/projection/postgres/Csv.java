package io.pacioli.ledger.projection.postgres;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lines of comma-separated values (RFC 4180), for spreadsheets. Not thread safe.
 *
 * <p>A text that a spreadsheet might take for a formula (it begins with {@code = + - @}, also full-width, a tab or a carriage return, whatever spaces are before)
 * gets an apostrophe in front, which spreadsheets take for "this is text": texts come from whoever sends a command. Numbers
 * are written as they are.
 */
final class Csv {
    private static final String FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20\t\r";
    private static final String LINE_END = "\r\n";

    private final StringBuilder text = new StringBuilder();
    private boolean isBegun;

    /** A first line with the names of the columns. */
    Csv header(List<String> names) {
        names.forEach(this::text);
        return end();
    }

    /** A text; empty when it is null. */
    Csv text(@Nullable String value) {
        if (value == null) {
            return raw("");
        }
        String stripped = value.stripLeading();
        boolean isFormula = (!stripped.isEmpty() && FORMULA_STARTS.indexOf(stripped.charAt(0)) >= 0)
                || (!value.isEmpty() && FORMULA_STARTS.indexOf(value.charAt(0)) >= 0);
        return raw(isFormula ? "'" + value : value);
    }

    /** A whole number; empty when it is null. */
    Csv number(@Nullable BigInteger value) {
        return raw(value == null ? "" : value.toString());
    }

    /** A whole number. */
    Csv number(long value) {
        return raw(Long.toString(value));
    }

    /** Minor units with the point where people read it, {@code -12.50}; empty when either is null. */
    Csv decimal(@Nullable BigInteger minorUnits, @Nullable Integer decimals) {
        return raw(minorUnits == null || decimals == null ? "" : new BigDecimal(minorUnits, decimals).toPlainString());
    }

    /** Ends the line. */
    Csv end() {
        text.append(LINE_END);
        isBegun = false;
        return this;
    }

    private Csv raw(String value) {
        if (isBegun) {
            text.append(',');
        }
        isBegun = true;
        boolean isQuoted = value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        text.append(isQuoted ? '"' + value.replace("\"", "\"\"") + '"' : value);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
