package io.pacioli.ledger.app.stack;

import java.util.Locale;

/** What follows the journal into a store, and may be left out of an embedded stack. */
public enum Projection {
    /** History. */
    POSTGRES("projection-postgres", "PostgreSQL", "openapi/history.yaml"),
    /** Live balances. */
    REDIS("projection-redis", "Redis", "openapi/balances.yaml");

    private final String service;
    private final String server;
    private final String fragment;

    Projection(String service, String server, String fragment) {
        this.service = service;
        this.server = server;
        this.fragment = fragment;
    }

    /** The name on the command line, such as {@code redis}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The service that projects and answers queries. */
    String service() {
        return service;
    }

    /** The server that is its store. */
    String server() {
        return server;
    }

    /** Where its routes are described, see {@link io.pacioli.ledger.service.OpenApi#ofFragments}. */
    String fragment() {
        return fragment;
    }
}
