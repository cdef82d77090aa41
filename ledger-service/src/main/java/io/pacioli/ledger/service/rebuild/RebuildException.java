package io.pacioli.ledger.service.rebuild;

import io.pacioli.ledger.service.ServiceException;

/** A projection could not be rebuilt or repaired, and is as it was, but for what the message says. */
public final class RebuildException extends ServiceException {
    private static final long serialVersionUID = 1L;

    /** @param message one line that names what failed, the value and what to do */
    public RebuildException(String message) {
        super(message);
    }

    /**
     * @param message one line that names what failed, the value and what to do
     * @param cause what led to it
     */
    public RebuildException(String message, Throwable cause) {
        super(message, cause);
    }
}
