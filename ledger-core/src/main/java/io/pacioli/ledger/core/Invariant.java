package io.pacioli.ledger.core;

import org.jspecify.annotations.Nullable;

/**
 * Conditions that hold always, checked in production too.
 *
 * <p>A violation means a bug or damaged data, never bad user input: the caller must stop rather than go on with wrong books.
 * The overloads take the values of the message as they are, so that a check that holds allocates nothing.
 */
public final class Invariant {
    private Invariant() {}

    /**
     * What must be there.
     *
     * @throws InvariantViolation with the message when it is null
     */
    public static <T> T present(@Nullable T value, String message) {
        if (value == null) {
            throw new InvariantViolation(message);
        }
        return value;
    }

    /** @throws InvariantViolation with the message when the condition does not hold */
    public static void check(boolean condition, String message) {
        if (!condition) {
            throw new InvariantViolation(message);
        }
    }

    /** @throws InvariantViolation with the message and the value when the condition does not hold */
    public static void check(boolean condition, String message, Object value) {
        if (!condition) {
            throw new InvariantViolation(message + value);
        }
    }

    /** @throws InvariantViolation with the message and both values when the condition does not hold */
    public static void check(boolean condition, String message, Object first, String and, Object second) {
        if (!condition) {
            throw new InvariantViolation(message + first + and + second);
        }
    }

    /** @throws InvariantViolation with the message and both values when the condition does not hold */
    public static void check(boolean condition, String message, long first, String and, long second) {
        if (!condition) {
            throw new InvariantViolation(message + first + and + second);
        }
    }
}
