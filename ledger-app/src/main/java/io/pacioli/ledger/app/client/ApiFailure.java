package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** The ledger answered, and not with what was asked for; the message is one line. */
final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int NOT_FOUND = 404;

    private final int status;
    private final transient JsonNode problem;

    ApiFailure(int status, JsonNode problem, String message) {
        super(message);
        this.status = status;
        this.problem = problem;
    }

    /** The HTTP status. */
    int status() {
        return status;
    }

    /** A member of the problem, or an empty text. */
    String member(String name) {
        return (problem == null ? MissingNode.getInstance() : problem)
                .path(name)
                .asText("");
    }

    /** Whether nobody there serves the path: the service that would is another one, or was left out. */
    boolean isNotServed() {
        // A path that is served and leads to nothing has another code.
        return status == NOT_FOUND && (code().isEmpty() || code().equals("PROJECTION_NOT_RUNNING"));
    }

    /** The problem's code, such as {@code INSUFFICIENT_FUNDS}; empty when it has none. */
    String code() {
        return member("code");
    }
}
