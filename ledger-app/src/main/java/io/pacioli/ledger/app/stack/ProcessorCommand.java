package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.OptionRule;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.processor.AccountCache;
import io.pacioli.ledger.processor.ProcessorService;
import io.pacioli.ledger.processor.ProcessorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
    private static final int MIB_SHIFT = 20;

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
                    "How often transactions commit under light load, and a quarter as often under full load. Default: ${DEFAULT-VALUE}")
    private Duration commitInterval;

    @Option(
            names = "--standby-replicas",
            paramLabel = "N",
            defaultValue = "0",
            description = "How many other processors keep a warm copy of each shard. Default: ${DEFAULT-VALUE}")
    private int standbyReplicas;

    @Option(
            names = "--state-memory",
            paramLabel = "MIB",
            defaultValue = "" + (ProcessorSettings.STATE_MEMORY_BYTES >> MIB_SHIFT),
            description =
                    "MiB outside the heap for reading and writing local state, over all shards. Default: ${DEFAULT-VALUE}")
    private int stateMemory;

    @Option(
            names = "--cached-accounts",
            paramLabel = "N",
            defaultValue = "" + AccountCache.DECODED_MAX,
            description =
                    "Accounts kept in the heap as objects, over all shards of the ledger; each takes up to 0.5 KiB with one"
                            + " asset. Default: ${DEFAULT-VALUE}")
    private int cachedAccounts;

    @Option(
            names = "--packed-accounts",
            paramLabel = "MIB",
            description =
                    "MiB of the heap for more accounts as bytes, over all shards of the ledger, some 0.1 KiB each with one"
                            + " asset; a shard with less than 0.7 MiB has none. Default: a quarter of the heap")
    private @Nullable Integer packedAccounts;

    @Option(
            names = "--idempotency-window",
            paramLabel = "DURATION",
            defaultValue = "7d",
            description = "How long command ids are remembered. Default: ${DEFAULT-VALUE}")
    private Duration idempotencyWindow;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public ProcessorCommand() {}

    private void check() {
        Integer wanted = shards;
        OptionRule.require(
                spec,
                "--shards",
                wanted == null || (wanted >= 1 && wanted <= ShardConfiguration.SHARDS_MAX),
                "1 to " + ShardConfiguration.SHARDS_MAX);
        OptionRule.require(spec, "--replication-factor", replicationFactor >= 1, "1 or more");
        Integer workers = threads;
        OptionRule.require(spec, "--threads", workers == null || workers >= 1, "1 or more");
        OptionRule.require(spec, "--standby-replicas", standbyReplicas >= 0, "0 or more");
        OptionRule.require(
                spec,
                "--state-memory",
                stateMemory >= ProcessorSettings.STATE_MEMORY_MIB_MIN,
                ProcessorSettings.STATE_MEMORY_MIB_MIN + " or more");
        OptionRule.require(spec, "--cached-accounts", cachedAccounts >= 1, "1 or more");
        Integer packed = packedAccounts;
        OptionRule.require(spec, "--packed-accounts", packed == null || packed >= 0, "0 or more");
        OptionRule.require(
                spec,
                "--commit-interval",
                commitInterval.toMillis() >= 1 && commitInterval.compareTo(ProcessorSettings.COMMIT_INTERVAL_MAX) <= 0,
                "1ms to " + ProcessorSettings.COMMIT_INTERVAL_MAX.toMillis() + "ms");
        OptionRule.require(spec, "--idempotency-window", idempotencyWindow.toMillis() >= 1, "1ms or more");
        OptionRule.require(spec, "--state-dir", canBeMade(stateDirectory), "a directory that can be written");
    }

    private AccountCache accountCache(AccountCache defaults) {
        Integer packed = packedAccounts;
        return new AccountCache(
                cachedAccounts, packed == null ? defaults.packedBytesMax() : (long) packed << MIB_SHIFT);
    }

    private static boolean canBeMade(Path directory) {
        try {
            return Files.isWritable(Files.createDirectories(directory));
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(kafka.isVerbose());
        check();
        ProcessorSettings defaults = ProcessorSettings.of(kafka.properties(), kafka.topics(), stateDirectory);
        ProcessorSettings settings = new ProcessorSettings(
                defaults.kafka(),
                defaults.topics(),
                new TopicSettings(shards, replicationFactor),
                defaults.applicationId(),
                stateDirectory,
                Objects.requireNonNullElse(threads, defaults.threads()),
                commitInterval,
                standbyReplicas,
                (long) stateMemory << MIB_SHIFT,
                accountCache(defaults.accountCache()),
                idempotencyWindow,
                defaults.idempotencyEntriesMax(),
                defaults.replyTopics());
        return ServiceProcess.run(
                http.settings(), (health, metrics) -> new ProcessorService(settings, health, metrics));
    }
}
