package io.pacioli.ledger.app.stack;

import io.javalin.config.RoutesConfig;
import io.pacioli.ledger.app.Version;
import io.pacioli.ledger.service.HttpModule;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/info}: where the parts of an embedded stack listen, so that clients on the machine find them.
 *
 * @param postgres null when it does not run
 * @param redis null when it does not run
 * @param checkpointPublicKey a file on this machine
 */
record InfoApi(
        int shards,
        List<String> projections,
        String kafka,
        @Nullable String postgres,
        @Nullable String redis,
        String checkpointPublicKey)
        implements HttpModule {
    private record Body(
            String version,
            int shards,
            List<String> projections,
            String kafka,
            @Nullable String postgres,
            @Nullable String redis,
            String checkpointPublicKey) {}

    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/info.yaml");
    }

    @Override
    public void register(RoutesConfig routes) {
        Body body = new Body(Version.text(), shards, projections, kafka, postgres, redis, checkpointPublicKey);
        routes.get("/v1/info", context -> context.json(body));
    }
}
