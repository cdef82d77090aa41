package io.pacioli.ledger.app.stack;

import io.javalin.config.RoutesConfig;
import io.pacioli.ledger.app.Version;
import io.pacioli.ledger.service.HttpModule;

/** {@code GET /v1/info}: where the parts of an embedded stack listen, so that clients on the machine find them. */
record InfoApi(String kafka, String postgres, String redis, int shards) implements HttpModule {
    private record Body(String version, int shards, String kafka, String postgres, String redis) {}

    @Override
    public void register(RoutesConfig routes) {
        Body body = new Body(Version.text(), shards, kafka, postgres, redis);
        routes.get("/v1/info", context -> context.json(body));
    }
}
