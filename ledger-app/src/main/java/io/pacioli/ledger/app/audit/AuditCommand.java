package io.pacioli.ledger.app.audit;

import io.pacioli.ledger.api.KeyFileException;
import io.pacioli.ledger.api.TopicMismatchException;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.audit.AuditException;
import io.pacioli.ledger.audit.AuditReport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
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
    private AuditOptions options;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Option(
            names = {"--since", "--audit-state"},
            paramLabel = "DIR",
            description =
                    "Go on from where the last passed audit has got, which it left there, and leave the same for the next one; with"
                            + " --fast only if that one was fast too. History that was compared then is not compared again."
                            + " Keep it where those who run the ledger cannot write.")
    private @Nullable Path stateDirectory;

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
        } catch (AuditException | CommandFailure | KeyFileException | TopicMismatchException | KafkaException e) {
            terminal.err().println("ledger: could not audit: " + e.getMessage());
            terminal.err().flush();
            return NOT_AUDITED;
        }
    }

    private AuditReport audit(Terminal terminal) {
        try (ReplayProgress progress = ReplayProgress.start(terminal, "Auditing")) {
            return options.audit(stateDirectory, progress);
        }
    }
}
