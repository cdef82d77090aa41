package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Shutdown;
import io.pacioli.ledger.app.Terminal;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger overload}. */
@Command(
        name = "overload",
        description = {
            "Send a ledger several times what it can decide, and see that nothing falls over.",
            "Starts a broker, a processor, both projectors, a gateway, PostgreSQL and Redis as processes of their own, finds out how"
                    + " much they decide, and sends that many times over HTTP, then straight into Kafka; in between, PostgreSQL and"
                    + " Redis are made slow and stopped. Whoever is refused must be told when to come again, memory must stay"
                    + " bounded, and afterwards all must be as fast as before. The audit must pass in the end.",
            "Needs Linux, whose /proc tells what processes take.",
            "Exit codes: 0 all of that holds; 1 something does not, and logs and data are kept."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class OverloadCommand implements Callable<Integer> {

    @Mixin
    private WorkbenchOptions workbench;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "30",
            description = "How long each of its ten steps takes. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--times",
            paramLabel = "X",
            defaultValue = "5",
            description = "How many times what can be decided is sent. Default: ${DEFAULT-VALUE}")
    private double times;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Accounts to choose from. Default: ${DEFAULT-VALUE}")
    private int accounts;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public OverloadCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.of(spec.commandLine());
        OverloadSettings settings = settings();
        try (ProgressLine progress = ProgressLine.start(terminal, "Overload", -1, "")) {
            OverloadRun run = new OverloadRun(
                    settings, workbench.isVerbose(), text -> WorkbenchOptions.phase(text, progress, terminal, false));
            OverloadReport report = Shutdown.closing(run, WorkbenchOptions.STOP_MAX, run::run);
            new OverloadText(report, terminal).print();
            return report.passed() ? 0 : 1;
        }
    }

    private OverloadSettings settings() {
        try {
            return new OverloadSettings(
                    Duration.ofSeconds(seconds), times, accounts, workbench.shards(), workbench.directory());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
