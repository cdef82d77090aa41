package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.service.Configuration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger projection-redis}. */
@Command(
        name = "projection-redis",
        description = {
            "Run the projection of live balances: journal to Redis.",
            "It serves the HTTP API for balances, assets and leaderboards, and publishes what happens to the channels"
                    + " account:ID and asset:CODE of Redis.",
            "Redis is named by the variable LEDGER_REDIS_URI, or LEDGER_REDIS_URI_FILE, as it may hold a password:"
                    + " redis://, rediss:// or redis-sentinel://. Default: redis://127.0.0.1:6379"
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class RedisProjectionCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private HttpOptions http;

    @Option(names = "--redis-cluster", description = "The server is a node of a Redis Cluster.")
    private boolean cluster;

    @Option(
            names = "--redis-namespace",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Stands before every key, for several ledgers in one Redis.")
    private String namespace;

    @Option(
            names = "--redis-notifications",
            paramLabel = "true|false",
            arity = "1",
            defaultValue = "true",
            description = "Whether to publish what happens to those who watch accounts and assets."
                    + " Default: ${DEFAULT-VALUE}")
    private boolean notifying;

    /** For picocli. */
    public RedisProjectionCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(kafka.isVerbose());
        String uri = Configuration.of(System.getenv()).text("LEDGER_REDIS_URI").orElse("redis://127.0.0.1:6379");
        RedisSettings redis = RedisSettings.of(uri).withCluster(cluster).withNamespace(namespace);
        Map<String, String> properties = kafka.properties();
        KafkaRouter router = new KafkaRouter(ServiceProcess.awaitShards(http.settings(), properties, kafka.topics()));
        RedisProjectionSettings settings = RedisProjectionSettings.of(properties, kafka.topics(), router, redis)
                .withNotifying(notifying);
        return ServiceProcess.run(http.settings(), (health, metrics) -> new RedisProjection(settings, health, metrics));
    }
}
