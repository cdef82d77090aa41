package io.pacioli.ledger.testkit.simulation;

/** Conditions that a simulation holds the ledger to. */
final class Check {
    private Check() {}

    static void that(boolean condition, String message, Object value) {
        if (!condition) {
            throw new IllegalStateException(message + ": " + value);
        }
    }

    static void equal(Object actual, Object expected, String what) {
        if (!actual.equals(expected)) {
            throw new IllegalStateException(what + " must be " + expected + " but is " + actual);
        }
    }
}
