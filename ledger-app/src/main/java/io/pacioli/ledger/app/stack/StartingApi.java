package io.pacioli.ledger.app.stack;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.Header;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.util.List;
import java.util.Map;

/**
 * The API of a service that does not know its ledger yet: 503 with {@code Retry-After}, for 404 would say that an account or an asset is
 * not there.
 */
record StartingApi() implements HttpModule {
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final Map<String, String> RETRY = Map.of(Header.RETRY_AFTER, "1");

    @Override
    public void register(RoutesConfig routes) {
        for (HandlerType method : List.of(HandlerType.GET, HandlerType.POST)) {
            routes.addHttpHandler(method, "/v1/*", StartingApi::refuse);
        }
    }

    private static void refuse(Context context) {
        Problem problem = Problem.of(SERVICE_UNAVAILABLE, "STARTING", "the service waits for the ledger's topics");
        throw new ProblemException(problem, RETRY);
    }
}
