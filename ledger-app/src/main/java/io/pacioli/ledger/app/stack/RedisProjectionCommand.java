package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.RedisOptions;
import io.pacioli.ledger.app.stack.ServiceProcess.ServedLedger;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import java.util.Map;
import java.util.Objects;
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

    @Mixin
    private RedisOptions redis;

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
        RedisSettings server = Objects.requireNonNull(redis.settings("redis://127.0.0.1:6379"));
        Map<String, String> properties = kafka.properties();
        ServedLedger ledger = ServiceProcess.awaitLedger(http.settings(), properties, kafka.topics());
        KafkaRouter router = new KafkaRouter(ledger.shards());
        RedisProjectionSettings settings = RedisProjectionSettings.of(properties, kafka.topics(), router, server)
                .withNotifying(notifying);
        return ServiceProcess.run(
                http.settings().withEdition(ledger.edition()),
                (health, metrics) -> new RedisProjection(settings, health, metrics));
    }
}
