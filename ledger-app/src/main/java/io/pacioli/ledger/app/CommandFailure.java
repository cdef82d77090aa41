package io.pacioli.ledger.app;

/** What was asked for could not be done; the message is one line for the user, the exit code 1. */
public final class CommandFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line */
    public CommandFailure(String message) {
        super(message);
    }

    /**
     * @param message one line
     * @param cause what led to it, shown with {@code --verbose}
     */
    public CommandFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
