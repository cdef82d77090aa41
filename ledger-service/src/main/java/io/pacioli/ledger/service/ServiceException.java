package io.pacioli.ledger.service;

/**
 * A service cannot start or go on; the message is one line for the operator, who needs no stack trace to act on it.
 */
public class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message one line that names what failed, the value and what to do */
    public ServiceException(String message) {
        super(message);
    }

    /**
     * @param message one line that names what failed, the value and what to do
     * @param cause what led to it
     */
    public ServiceException(String message, Throwable cause) {
        super(message, cause);
    }
}
