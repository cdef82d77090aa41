package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicMismatchException;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.PostgresOptions;
import io.pacioli.ledger.app.RedisOptions;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.audit.Audit;
import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.audit.AuditSettings;
import io.pacioli.ledger.audit.BalanceSource;
import io.pacioli.ledger.audit.CheckpointSource;
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
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger audit}. */
@Command(
        name = "audit",
        description = {
            "Prove the ledger from its topics, and its projections from the ledger.",
            "Reads commands, messages and journal again and decides every entry once more with the ledger's own rules; compares"
                    + " every balance in Redis and PostgreSQL at their own positions. The system may go on meanwhile. Needs no"
                    + " right to write anywhere.",
            "Without --bootstrap-servers a running 'ledger up' tells where everything is. Else Redis is compared when the variable"
                    + " LEDGER_REDIS_URI names it, and PostgreSQL when --postgres-url does, with the password in"
                    + " LEDGER_POSTGRES_PASSWORD.",
            "Exit codes: 0 all holds; 1 differences were found; 2 it could not be audited."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class AuditCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;
    private static final int NOT_AUDITED = 2;

    @Mixin
    private RunningLedger ledger;

    @Option(names = "--fast", description = "Only chain, balances and rules: decide nothing again.")
    private boolean fast;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads read, 1 to 64. Default: one for each core")
    private @Nullable Integer threads;

    @Option(
            names = {"--since", "--audit-state"},
            paramLabel = "DIR",
            description =
                    "Go on from where the last passed audit has got, which it left there, and leave the same for the next one."
                            + " Keep it where those who run the ledger cannot write.")
    private @Nullable Path stateDirectory;

    @Mixin
    private RedisOptions redis;

    @Mixin
    private PostgresOptions postgres;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public AuditCommand() {}

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec.commandLine());
        try {
            AuditReport report = audit(terminal);
            if (json) {
                terminal.line(AuditJson.of(report));
            } else {
                new AuditText(report, terminal).print();
            }
            return report.passed() ? 0 : DIFFERENT;
        } catch (AuditException | CommandFailure | TopicMismatchException | KafkaException e) {
            terminal.err().println("ledger: could not audit: " + e.getMessage());
            terminal.err().flush();
            return NOT_AUDITED;
        }
    }

    private AuditReport audit(Terminal terminal) {
        Map<String, String> properties = ledger.properties();
        Topics topics = ledger.kafka().topics();
        RedisSettings server = redis.settings(ledger.known("redis"));
        PostgresSettings database = postgres.settings(ledger.known("postgres"));
        try (RedisProjection projection = server == null ? null : projection(server, topics, properties)) {
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
                    CheckpointSource.NONE,
                    stateDirectory);
            try (ReplayProgress progress = ReplayProgress.start(terminal, "Auditing")) {
                return Audit.run(settings, progress);
            }
        }
    }

    /** Reads only: it is never started. */
    private static RedisProjection projection(RedisSettings redis, Topics topics, Map<String, String> properties) {
        try (Admin admin = Admin.create(new HashMap<>(properties))) {
            KafkaRouter router = new KafkaRouter(LedgerTopics.shards(admin, topics));
            return new RedisProjection(
                    RedisProjectionSettings.queriesOnly(topics, router, redis), new Health(), new Metrics());
        }
    }
}
