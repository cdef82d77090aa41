package io.pacioli.ledger.testkit.fuzz;

/** An input that was answered in a way that nobody promised. Its message has all that leads there again. */
public final class FuzzFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param cause what it was answered with */
    public FuzzFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** For what is no exception by itself. */
    public FuzzFailure(String message) {
        super(message);
    }
}
