package io.pacioli.ledger.audit;

/** The journal could not be read, which says nothing about what is in it. The message is one line. */
public final class AuditException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line for an operator */
    public AuditException(String message) {
        super(message);
    }

    /**
     * @param message one line for an operator
     * @param cause what led to it
     */
    public AuditException(String message, Throwable cause) {
        super(message, cause);
    }
}
