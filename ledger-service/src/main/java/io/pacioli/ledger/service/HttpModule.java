package io.pacioli.ledger.service;

import io.javalin.config.RoutesConfig;
import java.util.Optional;

/**
 * A set of routes that belongs together, such as the query API of one projection.
 *
 * <p>Handlers run on virtual threads and may block. They report what went wrong by throwing a {@link ProblemException}; anything
 * else that they throw answers 500 without its message. A module adds routes only, no exception or error handlers: those belong to
 * the {@link HttpServer}, which serves other modules too.
 */
@FunctionalInterface
public interface HttpModule {
    /**
     * Adds the module's routes; called once, before the server accepts its first connection.
     *
     * @throws IllegalArgumentException when another module already has the same method and path
     */
    void register(RoutesConfig routes);

    /**
     * Where the description of these routes is: the name of a class path resource, an OpenAPI 3.1 document in YAML with the members
     * {@code paths}, {@code components} and {@code tags}. It may refer to what is in {@code openapi/common.yaml} of this module.
     * Empty for routes that are none of an API.
     */
    default Optional<String> openApi() {
        return Optional.empty();
    }

    /** The server is about to stop: answers that last, such as streams of events, must end now. May be called more than once. */
    default void stopping() {}
}
