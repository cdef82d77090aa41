package io.pacioli.ledger.service;

import java.util.Map;

/** Ends a request with a problem; it carries no stack trace, because it is an answer rather than a fault. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    /** @param problem the answer */
    public ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    /**
     * @param problem the answer
     * @param headers response headers that go with it, such as {@code Retry-After}
     */
    public ProblemException(Problem problem, Map<String, String> headers) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    /** The answer. */
    public Problem problem() {
        return problem;
    }

    /** The response headers that go with it. */
    public Map<String, String> headers() {
        return headers;
    }
}
