package io.pacioli.ledger.core;

/** Thrown by {@link Invariant}: the books, or the code that keeps them, are damaged. Never caught to go on. */
public final class InvariantViolation extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    /** @param message what must hold, with the values that broke it */
    public InvariantViolation(String message) {
        super(message);
    }
}
