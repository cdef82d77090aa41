package io.pacioli.ledger.api;

/** The topics on the cluster are not those of the ledger that was asked for. The message is one line. */
public final class TopicMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean missing;

    private TopicMismatchException(String message, boolean missing) {
        super(message);
        this.missing = missing;
    }

    static TopicMismatchException wrong(String message) {
        return new TopicMismatchException(message, false);
    }

    static TopicMismatchException missing(String topic) {
        return new TopicMismatchException("topic " + topic + " does not exist; start a processor first", true);
    }

    /** Whether a topic is not there, or not yet: a processor creates them, one after the other as others see it. */
    public boolean isMissing() {
        return missing;
    }
}
