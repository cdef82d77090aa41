package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.PostgresOptions;
import io.pacioli.ledger.app.RedisOptions;
import io.pacioli.ledger.audit.Audit;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.AuditSettings;
import io.pacioli.ledger.audit.BalanceSource;
import io.pacioli.ledger.audit.Progress;
import io.pacioli.ledger.projection.postgres.PostgresSettings;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
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

    @Mixin
    private RedisOptions redis;

    @Mixin
    private PostgresOptions postgres;

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
        RedisSettings server = redis.settings(ledger.known("redis"));
        PostgresSettings database = postgres.settings(ledger.known("postgres"));
        try (Metrics metrics = new Metrics();
                RedisProjection projection = server == null ? null : projection(server, topics, properties, metrics)) {
            List<BalanceSource> compared = new ArrayList<>();
            if (projection != null) {
                compared.add(new RedisSource(projection.balances()));
            }
            if (database != null) {
                compared.add(new PostgresSource(database.url(), database.username(), database.password()));
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

    /** Reads only: it is never started. */
    private static RedisProjection projection(
            RedisSettings server, Topics topics, Map<String, String> properties, Metrics metrics) {
        try (Admin admin = Admin.create(new HashMap<>(properties))) {
            KafkaRouter router = new KafkaRouter(LedgerTopics.shards(admin, topics));
            return new RedisProjection(
                    RedisProjectionSettings.queriesOnly(topics, router, server), new Health(), metrics);
        }
    }
}
