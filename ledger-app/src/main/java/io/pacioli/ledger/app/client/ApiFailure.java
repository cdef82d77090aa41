package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

/** The ledger answered, and not with what was asked for; the message is one line. */
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

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

    /** The problem's code, such as {@code INSUFFICIENT_FUNDS}; empty when it has none. */
    String code() {
        return member("code");
    }
}
