package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** The ledger did not answer what it was asked; the message is one line. */
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int UNANSWERED = 0;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;
    private static final String NOT_RUNNING = "PROJECTION_NOT_RUNNING";

    /** Of HTTP; 0 when there is no answer. */
    private final int status;

    private final transient JsonNode problem;

    ApiFailure(int status, JsonNode problem, String message) {
        super(message);
        this.status = status;
        this.problem = problem;
    }

    /** Nothing was sent, because nobody listens there. */
    static ApiFailure unanswered(String message, Throwable cause) {
        ApiFailure failure = new ApiFailure(UNANSWERED, MissingNode.getInstance(), message);
        failure.initCause(cause);
        return failure;
    }

    /** A member of the problem, or an empty text. */
    String member(String name) {
        return (problem == null ? MissingNode.getInstance() : problem)
                .path(name)
                .asText("");
    }

    /** Whether nobody serves the path there; what is served and not found has another code. */
    boolean isNotServed() {
        return isUnanswered() || (status == NOT_FOUND && (code().isEmpty() || code().equals(NOT_RUNNING)));
    }

    /** Whether nobody listens there. */
    boolean isUnanswered() {
        return status == UNANSWERED;
    }

    /** Whether it may be another answer in a moment. */
    boolean mayPass() {
        return isUnanswered() || status >= SERVER_ERROR;
    }

    /** The problem's code, such as {@code INSUFFICIENT_FUNDS}; empty when it has none. */
    String code() {
        return member("code");
    }
}
