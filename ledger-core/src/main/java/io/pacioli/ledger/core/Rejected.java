package io.pacioli.ledger.core;

/**
 * A rejection with what a person needs to mend the command.
 *
 * @param code the rule that was broken
 * @param field the JSON name of the field that broke it
 * @param limit what would have been allowed
 * @param value what was asked for
 */
public record Rejected(Rejection code, String field, String limit, String value) {
    /** One sentence: the field, the rule, the limit and the value. */
    public String message() {
        return field + " " + code.rule() + ": limit " + limit + ", value " + value;
    }
}
