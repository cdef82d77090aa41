package io.pacioli.ledger.app.stack;

import io.javalin.Javalin;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.audit.AuditorService;
import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.gateway.GatewayService;
import io.pacioli.ledger.gateway.GatewaySettings;
import io.pacioli.ledger.processor.ProcessorService;
import io.pacioli.ledger.processor.ProcessorSettings;
import io.pacioli.ledger.projection.postgres.PostgresProjection;
import io.pacioli.ledger.projection.postgres.PostgresSettings;
import io.pacioli.ledger.projection.postgres.ProjectorSettings;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.OpenApi;
import io.pacioli.ledger.service.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What all services together serve over HTTP, the auditor included; nothing of it is started. */
final class AllModules implements AutoCloseable {
    private static final Map<String, String> KAFKA = Map.of("bootstrap.servers", "127.0.0.1:1");
    private static final KafkaRouter ROUTER = new KafkaRouter(6);

    private static final Duration HOUR = Duration.ofHours(1);

    private final Health health = new Health();
    private final Metrics metrics = new Metrics();
    private final List<Service> services = List.of(
            new ProcessorService(ProcessorSettings.of(KAFKA, Topics.DEFAULT, Path.of("target")), health, metrics),
            new RedisProjection(
                    RedisProjectionSettings.of(KAFKA, Topics.DEFAULT, ROUTER, RedisSettings.of("redis://127.0.0.1:1")),
                    health,
                    metrics),
            new PostgresProjection(
                    KAFKA,
                    Topics.DEFAULT,
                    ROUTER,
                    PostgresSettings.of("jdbc:postgresql://127.0.0.1:1/ledger", "ledger", ""),
                    ProjectorSettings.DEFAULT,
                    health,
                    metrics),
            new GatewayService(GatewaySettings.of(KAFKA, Topics.DEFAULT), health, metrics),
            new AuditorService(new NoAudits(), new AuditorService.Pace(HOUR, HOUR), health, metrics));

    /** Never asked. */
    private static final class NoAudits implements AuditorService.Audits {
        @Override
        public AuditReport audit(boolean everything) {
            throw new AuditException("nothing is started");
        }

        @Override
        public long lag(Map<Integer, Long> nextOffsets) {
            throw new AuditException("nothing is started");
        }
    }

    /** The modules of all services and of the embedded stack itself. */
    List<HttpModule> modules() {
        Stream<HttpModule> ofServices = services.stream().flatMap(service -> service.modules().stream());
        Stream<HttpModule> others = Stream.of(new InfoApi(6, List.of(), "", null, null, ""), health, metrics);
        return Stream.concat(ofServices, others).toList();
    }

    /** The routes that they register, whatever they say of themselves. */
    Set<OpenApi.Operation> routes() {
        Javalin javalin = Javalin.create(config -> modules().forEach(module -> module.register(config.routes)));
        return javalin.unsafe.internalRouter.allHttpHandlers().stream()
                .map(handler -> handler.endpoint)
                .filter(endpoint -> endpoint.method.isHttpMethod())
                .map(endpoint -> new OpenApi.Operation(endpoint.method.name(), endpoint.path))
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        services.forEach(Service::close);
        metrics.close();
    }
}
