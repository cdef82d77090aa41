package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.processor.ProcessorService;
import io.pacioli.ledger.processor.ProcessorSettings;
import io.pacioli.ledger.service.Durations;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger processor}. */
@Command(
        name = "processor",
        description = {
            "Run a processor: commands to journal.",
            "It decides commands and writes the journal, and creates the ledger's topics if they are missing.",
            "Run several with the same topic prefix and they share the shards."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class ProcessorCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private HttpOptions http;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Shards of the ledger, 1 to 1000, fixed when its topics are created. Default: 6 at creation")
    private @Nullable Integer shards;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Copies of each partition of topics that are created; 3 in production. Default: ${DEFAULT-VALUE}")
    private short replicationFactor;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = ".ledger/state",
            description = "Where local state is kept; losing it costs time, never data. Default: ${DEFAULT-VALUE}")
    private Path stateDirectory;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many shards are worked on at a time. Default: half of the cores, and one at least")
    private @Nullable Integer threads;

    @Option(
            names = "--commit-interval",
            paramLabel = "DURATION",
            defaultValue = "25ms",
            description =
                    "How often transactions commit under light load: the floor of an outcome's latency. Default: ${DEFAULT-VALUE}")
    private String commitInterval;

    @Option(
            names = "--standby-replicas",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many other processors keep a warm copy of each shard. Default: ${DEFAULT-VALUE}")
    private int standbyReplicas;

    @Option(
            names = "--idempotency-window",
            paramLabel = "DURATION",
            defaultValue = "7d",
            description = "How long command ids are remembered. Default: ${DEFAULT-VALUE}")
    private String idempotencyWindow;

    /** For picocli. */
    public ProcessorCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(kafka.isVerbose());
        ProcessorSettings defaults = ProcessorSettings.of(kafka.properties(), kafka.topics(), stateDirectory);
        ProcessorSettings settings = new ProcessorSettings(
                defaults.kafka(),
                defaults.topics(),
                new TopicSettings(shards, replicationFactor),
                defaults.applicationId(),
                stateDirectory,
                Objects.requireNonNullElse(threads, defaults.threads()),
                Durations.parse(commitInterval),
                standbyReplicas,
                defaults.cacheBytes(),
                defaults.cachedAccountsMax(),
                Durations.parse(idempotencyWindow),
                defaults.idempotencyEntriesMax(),
                defaults.replyTopics());
        return ServiceProcess.run(
                http.settings(), (health, metrics) -> new ProcessorService(settings, health, metrics));
    }
}
