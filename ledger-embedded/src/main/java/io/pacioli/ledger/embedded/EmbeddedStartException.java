package io.pacioli.ledger.embedded;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * An embedded server could not start. The message is one line, made to be shown to a user as it is: it names the server and
 * the directory, the port or the log that is to blame.
 */
public final class EmbeddedStartException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates one with a message of one line. */
    public EmbeddedStartException(String message) {
        super(message);
    }

    /** Creates one with a message of one line and the failure behind it, if there is one. */
    public EmbeddedStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
