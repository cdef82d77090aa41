package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.stack.ServiceProcess.ServedLedger;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.projection.redis.RedisTls;
import io.pacioli.ledger.service.Configuration;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
                    + " redis://[user:password@]host:port, rediss:// for TLS, redis-sentinel://host:port,...#name or"
                    + " rediss-sentinel:// for what Sentinels know by that name. Default: redis://127.0.0.1:6379",
            "A password for the Sentinels themselves is taken from LEDGER_REDIS_SENTINEL_PASSWORD, or _FILE."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class RedisProjectionCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private HttpOptions http;

    @Option(
            names = "--redis-cluster",
            description = "The server is a node of a Redis Cluster; the URI may name several, with commas between.")
    private boolean cluster;

    @Option(
            names = "--redis-ca",
            paramLabel = "PATH",
            description = "Certificates of the authorities to trust for TLS, as PEM. Default: those that Java trusts.")
    private @Nullable Path authority;

    @Option(
            names = "--redis-certificate",
            paramLabel = "PATH",
            description = "The certificate of this service, as PEM, when Redis asks for one.")
    private @Nullable Path certificate;

    @Option(
            names = "--redis-key",
            paramLabel = "PATH",
            description = "The key of that certificate, as PEM: PKCS #8 without a password.")
    private @Nullable Path key;

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
        RedisSettings redis = redis(Configuration.of(System.getenv()));
        Map<String, String> properties = kafka.properties();
        ServedLedger ledger = ServiceProcess.awaitLedger(http.settings(), properties, kafka.topics());
        KafkaRouter router = new KafkaRouter(ledger.shards());
        RedisProjectionSettings settings = RedisProjectionSettings.of(properties, kafka.topics(), router, redis)
                .withNotifying(notifying);
        return ServiceProcess.run(
                http.settings().withEdition(ledger.edition()),
                (health, metrics) -> new RedisProjection(settings, health, metrics));
    }

    private RedisSettings redis(Configuration configuration) {
        String uri = configuration.text("LEDGER_REDIS_URI").orElse("redis://127.0.0.1:6379");
        return (cluster ? RedisSettings.cluster(uri) : RedisSettings.of(uri))
                .withSentinelPassword(
                        configuration.text("LEDGER_REDIS_SENTINEL_PASSWORD").orElse(""))
                .withNamespace(namespace)
                .withTls(new RedisTls(authority, certificate, key));
    }
}
