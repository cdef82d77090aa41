package io.pacioli.ledger.app.audit;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Problem;
import io.pacioli.ledger.service.ProblemException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/audit}: the last report.
 *
 * @param last null before the first
 */
record AuditApi(Supplier<@Nullable AuditReport> last) implements HttpModule {
    private static final int UNAVAILABLE = 503;

    @Override
    public Optional<String> openApi() {
        return Optional.of("openapi/audit.yaml");
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/audit", this::report);
    }

    private void report(Context context) {
        AuditReport report = last.get();
        if (report == null) {
            throw new ProblemException(
                    Problem.of(UNAVAILABLE, "NOT_AUDITED_YET", "no audit has come to an end yet: see /readyz"));
        }
        context.header(Header.CACHE_CONTROL, "no-store")
                .contentType("application/json")
                .result(AuditJson.of(report));
    }
}
