package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.audit.Audit;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.AuditSettings;
import io.pacioli.ledger.audit.BalanceSource;
import io.pacioli.ledger.audit.Progress;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.service.Configuration;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is audited, and how. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class AuditOptions {
    private static final String EMBEDDED_USER = "ledger";

    @Mixin
    private RunningLedger ledger;

    @Option(names = "--fast", description = "Only chain, balances and rules: decide nothing again.")
    private boolean fast;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads read, 1 to 64. Default: one for each core")
    private @Nullable Integer threads;

    @Option(
            names = {"--public-key", "--checkpoint-public-key-file"},
            paramLabel = "FILE",
            description = "Verify the signed checkpoints by these public keys: Ed25519, PEM, one or several. A running"
                    + " 'ledger up' tells its own.")
    private @Nullable Path publicKey;

    @Option(names = "--redis-cluster", description = "Redis is a node of a Redis Cluster.")
    private boolean redisCluster;

    @Option(
            names = "--redis-namespace",
            paramLabel = "NAME",
            defaultValue = "",
            description = "Stands before every key, for several ledgers in one Redis.")
    private String redisNamespace;

    @Option(names = "--postgres-url", paramLabel = "JDBC-URL", description = "Where the history is.")
    private @Nullable String postgresUrl;

    @Option(
            names = "--postgres-user",
            paramLabel = "NAME",
            defaultValue = EMBEDDED_USER,
            description = "A user that may read it. Default: ${DEFAULT-VALUE}")
    private String postgresUser;

    /** For picocli. */
    public AuditOptions() {}

    /** Where the topics are. */
    public RunningLedger ledger() {
        return ledger;
    }

    /**
     * Audits once.
     *
     * @param stateDirectory see {@link AuditSettings#stateDirectory}
     * @throws io.pacioli.ledger.audit.AuditException when it cannot be audited
     */
    public AuditReport audit(@Nullable Path stateDirectory, Progress progress) {
        Map<String, String> properties = ledger.properties();
        Topics topics = ledger.kafka().topics();
        RedisSettings redis = redis();
        try (Metrics metrics = new Metrics();
                RedisProjection projection = redis == null ? null : projection(redis, topics, properties, metrics)) {
            List<BalanceSource> compared = new ArrayList<>();
            if (projection != null) {
                compared.add(new RedisSource(projection.balances()));
            }
            PostgresSource postgres = postgres();
            if (postgres != null) {
                compared.add(postgres);
            }
            AuditSettings defaults = AuditSettings.of(properties, topics);
            AuditSettings settings = new AuditSettings(
                    properties,
                    topics,
                    !fast,
                    Objects.requireNonNullElse(threads, defaults.threads()),
                    compared,
                    keys(),
                    stateDirectory);
            return Audit.run(settings, progress);
        }
    }

    /** Read anew each time, so that a new key is known as soon as it is in the file. */
    private PublicKeys keys() {
        String known = ledger.known("checkpointPublicKey");
        if (publicKey != null) {
            return PublicKeys.read(publicKey);
        }
        return known == null ? PublicKeys.NONE : PublicKeys.read(Path.of(known));
    }

    private @Nullable RedisSettings redis() {
        String uri = Configuration.of(System.getenv()).text("LEDGER_REDIS_URI").orElse(ledger.known("redis"));
        if (uri == null) {
            return null;
        }
        RedisSettings settings = redisCluster ? RedisSettings.cluster(uri) : RedisSettings.of(uri);
        return settings.withNamespace(redisNamespace);
    }

    /** Reads only: it is never started. */
    private static RedisProjection projection(
            RedisSettings redis, Topics topics, Map<String, String> properties, Metrics metrics) {
        try (Admin admin = Admin.create(new HashMap<>(properties))) {
            KafkaRouter router = new KafkaRouter(LedgerTopics.shards(admin, topics));
            return new RedisProjection(
                    RedisProjectionSettings.queriesOnly(topics, router, redis), new Health(), metrics);
        }
    }

    private @Nullable PostgresSource postgres() {
        String url = postgresUrl == null ? ledger.known("postgres") : postgresUrl;
        String password = Configuration.of(System.getenv())
                .text("LEDGER_POSTGRES_PASSWORD")
                .orElse(EMBEDDED_USER);
        return url == null ? null : new PostgresSource(url, postgresUser, password);
    }
}
