package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.processor.ProcessorSettings;
import io.pacioli.ledger.recovery.ImportProgress;
import io.pacioli.ledger.recovery.LedgerImport;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger import}. */
@Command(
        name = "import",
        description = {
            "Restore an export into a cluster that has none of the ledger's topics, and audit it.",
            "Every record has the bytes, the time and the offset that it had, so all hashes hold; processors go on where the"
                    + " exported ledger stood, with what it remembered. Projections build themselves from the journal, in"
                    + " stores that are empty. Start them when this has ended.",
            "Exit codes: 0 imported, and the audit passed; 1 not imported, or the audit has found differences."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class ImportCommand implements Callable<Integer> {
    private static final int DIFFERENT = 1;

    @Mixin
    private KafkaOptions kafka;

    @Option(names = "--from", paramLabel = "DIR", required = true, description = "Where the export is.")
    private Path directory;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Import for 'ledger up' with this data directory, where there must be no ledger yet,"
                    + " rather than into a cluster that runs.")
    private @Nullable Path dataDirectory;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description =
                    "Make a new ledger with another number of shards: all commands are decided again, and each must have the"
                            + " same outcome and each account the same balances, or nothing is imported. Default: as many as it had")
    private @Nullable Integer shards;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            defaultValue = "1",
            description = "Copies of each partition; 3 in production. Default: ${DEFAULT-VALUE}")
    private short replicationFactor;

    @Option(
            names = "--checkpoint-key-file",
            paramLabel = "FILE",
            description =
                    "The private key of the notary that will go on signing; with --data-dir the one that is there.")
    private @Nullable Path keyFile;

    @Option(
            names = "--checkpoint-public-key-file",
            paramLabel = "FILE",
            description =
                    "Verify the imported checkpoints by these public keys: PEM; with --data-dir those that are there.")
    private @Nullable Path publicKeyFile;

    @Option(names = "--json", description = "Print the audit's report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public ImportCommand() {}

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec.commandLine());
        String applicationId = ProcessorSettings.applicationId(LedgerImport.topics(directory));
        CheckpointKeys keys = keys();
        AuditReport report = dataDirectory == null
                ? run(kafka.properties(), applicationId, keys, terminal)
                : embedded(dataDirectory, applicationId, keys, terminal);
        if (json) {
            terminal.line(AuditJson.of(report));
        } else {
            new AuditText(report, terminal).print();
        }
        String advice = keys.advice();
        if (advice != null) {
            terminal.err().println("! " + advice + " (docs/export.md)");
            terminal.err().flush();
        }
        return report.passed() ? 0 : DIFFERENT;
    }

    /** Another number of shards leaves checkpoints behind: then nobody has signed anything. */
    private CheckpointKeys keys() {
        boolean isResharded = shards != null && shards != LedgerImport.shards(directory);
        Set<String> signers = isResharded ? Set.of() : LedgerImport.signers(directory);
        return dataDirectory == null || keyFile != null || publicKeyFile != null
                ? new CheckpointKeys(keyFile, publicKeyFile, signers)
                : CheckpointKeys.in(dataDirectory, signers);
    }

    private AuditReport embedded(Path data, String applicationId, CheckpointKeys keys, Terminal terminal) {
        if (data.resolve("kafka").toFile().exists()) {
            throw new CommandFailure("there is something in " + data + ": an import needs a new data directory");
        }
        try (EmbeddedKafka broker = EmbeddedKafka.start(ServerConfig.in(data.resolve("kafka")))) {
            return run(Map.of("bootstrap.servers", broker.bootstrapServers()), applicationId, keys, terminal);
        }
    }

    private AuditReport run(
            Map<String, String> properties, String applicationId, CheckpointKeys keys, Terminal terminal) {
        try (Steps steps = new Steps(terminal)) {
            return LedgerImport.run(
                    properties, directory, shards, applicationId, replicationFactor, keys.verifying(), steps);
        }
    }

    /** A line of progress for each step. */
    private static final class Steps implements ImportProgress, AutoCloseable {
        private final Terminal terminal;
        private @Nullable Step current;
        private @Nullable ProgressLine line;

        Steps(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void advanced(Step step, long done, long total) {
            ProgressLine open = line;
            if (step != current || open == null) {
                close();
                current = step;
                open = ProgressLine.start(terminal, step.title(), total, " " + step.unit());
                line = open;
                if (!terminal.isAlive()) {
                    terminal.err().println(step.title() + " ...");
                    terminal.err().flush();
                }
            }
            open.at(done, total);
        }

        @Override
        public void close() {
            if (line != null) {
                line.close();
                line = null;
            }
        }
    }
}
