package io.pacioli.ledger.recovery;

/** An export could not be restored. The message is one line. */
public final class RecoveryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line for an operator */
    public RecoveryException(String message) {
        super(message);
    }

    /**
     * @param message one line for an operator
     * @param cause what led to it
     */
    public RecoveryException(String message, Throwable cause) {
        super(message, cause);
    }
}
