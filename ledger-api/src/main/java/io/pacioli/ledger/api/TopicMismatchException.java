package io.pacioli.ledger.api;

/** The topics on the cluster are not those of the ledger that was asked for. The message is one line. */
public final class TopicMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TopicMismatchException(String message) {
        super(message);
    }
}
