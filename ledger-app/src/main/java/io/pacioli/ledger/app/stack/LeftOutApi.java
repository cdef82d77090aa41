package io.pacioli.ledger.app.stack;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.OpenApi;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.util.List;

/**
 * The routes of a projection that is left out: each answers 404 with the code {@code PROJECTION_NOT_RUNNING} and says what is missing.
 * They are no part of the stack's API, and so it does not describe them.
 */
record LeftOutApi(Projection projection) implements HttpModule {
    private static final int NOT_FOUND = 404;

    @Override
    public void register(RoutesConfig routes) {
        for (OpenApi.Operation operation :
                OpenApi.ofFragments(List.of(projection.fragment())).operations()) {
            routes.addHttpHandler(HandlerType.findOrCreate(operation.method()), operation.path(), this::refuse);
        }
    }

    private void refuse(Context context) {
        String detail = context.path() + " is served by " + projection.service()
                + ", which was left out: start the ledger with --projections both, or " + projection.text();
        throw new ProblemException(
                Problem.of(NOT_FOUND, "PROJECTION_NOT_RUNNING", detail).with("projection", projection.service()));
    }
}
