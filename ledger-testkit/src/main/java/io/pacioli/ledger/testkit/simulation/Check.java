package io.pacioli.ledger.testkit.simulation;

/** Conditions that a simulation holds the ledger to. Messages are put together only when one does not hold. */
final class Check {
    private Check() {}

    static void that(boolean condition, String message, Object value) {
        if (!condition) {
            throw new IllegalStateException(message + ": " + value);
        }
    }

    static void equal(long actual, long expected, String what, Object where) {
        if (actual != expected) {
            throw new IllegalStateException(what + " must be " + expected + " but is " + actual + ": " + where);
        }
    }

    static void equal(Object actual, Object expected, String what, Object where) {
        if (!actual.equals(expected)) {
            throw new IllegalStateException(what + " must be " + expected + " but is " + actual + ": " + where);
        }
    }
}
