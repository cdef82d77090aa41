package io.pacioli.ledger.core;

/**
 * A value that cannot be part of any command: the wrong shape, as opposed to a command that the ledger understands and rejects.
 *
 * <p>Thrown by the constructors of {@link Command}s and {@link Amount}s, so that a malformed one never exists. A client sees it
 * where it builds the command; the processor sends the record that holds it to the dead letters.
 */
public final class MalformedException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN_LENGTH_MAX = 80;

    private final String field;
    private final String rule;
    private final String value;

    /**
     * @param field the JSON name of the field, such as {@code from}
     * @param rule what must hold, such as {@code must be 1 to 128 characters}
     * @param value the offending value; only its first 80 characters are kept
     */
    public MalformedException(String field, String rule, String value) {
        super(field + " " + rule + ": " + shorten(value));
        this.field = field;
        this.rule = rule;
        this.value = shorten(value);
    }

    /** The JSON name of the offending field. */
    public String field() {
        return field;
    }

    /** What must hold for the field. */
    public String rule() {
        return rule;
    }

    /** The offending value, shortened to at most 81 characters. */
    public String value() {
        return value;
    }

    private static String shorten(String value) {
        if (value.length() <= SHOWN_LENGTH_MAX) {
            return value;
        }
        int end =
                Character.isHighSurrogate(value.charAt(SHOWN_LENGTH_MAX - 1)) ? SHOWN_LENGTH_MAX - 1 : SHOWN_LENGTH_MAX;
        return value.substring(0, end) + "…";
    }
}
