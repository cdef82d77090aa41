package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Shutdown;
import io.pacioli.ledger.app.Terminal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger chaos}. */
@Command(
        name = "chaos",
        description = {
            "Kill, stop, restart and cut off everything under load, and prove that nothing was lost.",
            "Starts 3 brokers, or one, 2 processors, 2 of each projector, a gateway, PostgreSQL and Redis as processes of their own, sends all"
                    + " kinds of commands from many clients, and lets faults happen at times that the seed decides. Then everything"
                    + " must settle by itself, the audit must pass, and the records of all clients must agree with the journal.",
            "Full disks and network partitions need root.",
            "Exit codes: 0 all holds; 1 something does not, and logs and data are kept."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class ChaosCommand implements Callable<Integer> {
    private static final int SECONDS_A_FAULT = 24;
    private static final int TRANSFERS_A_SECOND = 150;
    private static final int SECONDS_A_MINUTE = 60;

    @Mixin
    private WorkbenchOptions workbench;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "3",
            description = "How long faults happen, starting and checking excluded; 0.5 for half a minute."
                    + " Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides faults, commands and clients. Default: another one each time")
    private @Nullable Long seed;

    @Option(
            names = "--transfers",
            paramLabel = "N",
            description =
                    "How many plain transfers, of which a third more commands of all kinds come. Default: 150 a second")
    private @Nullable Integer transfers;

    @Option(names = "--faults", paramLabel = "N", description = "How many faults. Default: one in 24 seconds")
    private @Nullable Integer faults;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description = "Only faults whose words in the table of faults contain this, such as 'kill -9 processor'."
                    + " May be given more than once. Default: all")
    private List<String> only = List.of();

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "8",
            description = "How many clients send through Kafka, and as many over HTTP. Default: ${DEFAULT-VALUE}")
    private int clients;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Accounts of plain transfers. Default: ${DEFAULT-VALUE}")
    private int accounts;

    @Option(
            names = "--brokers",
            paramLabel = "N",
            defaultValue = "3",
            description =
                    "1 or 3 brokers. With one, there is one copy of everything, nothing goes on while it is away, and more of the"
                            + " machine is left for the load. Default: ${DEFAULT-VALUE}")
    private int brokers;

    @Option(
            names = "--commit-interval",
            paramLabel = "DURATION",
            defaultValue = "100ms",
            description =
                    "Of the processors. 25ms is what they have by default; all share one machine here, and fewer and larger"
                            + " transactions leave more of it for the load. Default: ${DEFAULT-VALUE}")
    private Duration commitInterval;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public ChaosCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.of(spec.commandLine());
        ChaosSettings settings = settings();
        try (ProgressLine progress =
                ProgressLine.start(terminal, "Chaos", settings.duration().toSeconds(), " s")) {
            ChaosRun run = new ChaosRun(settings, workbench.isVerbose(), new Told(terminal, settings, progress));
            ChaosReport report = Shutdown.closing(run, WorkbenchOptions.STOP_MAX, run::run);
            if (json) {
                terminal.line(ChaosJson.of(report));
            } else {
                new ChaosText(report, terminal).print();
            }
            return report.passed() ? 0 : 1;
        }
    }

    private ChaosSettings settings() {
        Duration duration = Duration.ofMillis((long) (minutes * SECONDS_A_MINUTE * 1_000));
        int seconds = (int) duration.toSeconds();
        try {
            return new ChaosSettings(
                    seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed,
                    duration,
                    transfers == null ? seconds * TRANSFERS_A_SECOND : transfers,
                    faults == null ? Math.max(1, seconds / SECONDS_A_FAULT) : faults,
                    only,
                    clients,
                    accounts,
                    workbench.shards(),
                    brokers,
                    commitInterval,
                    workbench.directory());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    /** Tells how a run goes: in lines, or on one line when somebody watches it move. */
    private final class Told implements ChaosRun.Listener {
        private final Terminal terminal;
        private final ChaosSettings settings;
        private final ProgressLine progress;

        Told(Terminal terminal, ChaosSettings settings, ProgressLine progress) {
            this.terminal = terminal;
            this.settings = settings;
            this.progress = progress;
        }

        private void line(String text) {
            if (!json) {
                terminal.line(text);
            }
        }

        @Override
        public void phase(String text) {
            WorkbenchOptions.phase(text, progress, terminal, json);
        }

        @Override
        public void schedule(List<Fault> faults, Map<Fault.Kind, String> notTried) {
            line("Chaos with seed " + settings.seed() + " for "
                    + settings.duration().toSeconds() + " s: " + AmountText.count(settings.transfers())
                    + " transfers and " + faults.size() + " faults, "
                    + (settings.brokers() == 1 ? "1 broker" : settings.brokers() + " brokers"));
            ChaosText.schedule(faults).lines().forEach(row -> line("  " + row));
            notTried.forEach((kind, why) -> line("  not tried here: " + kind.title() + ": " + why));
        }

        @Override
        public void survived(Survived one) {
            progress.message(one.fault().what());
            if (!terminal.isAlive()) {
                line("  " + ChaosText.line(one));
            }
        }

        @Override
        public void progress(Duration since) {
            progress.at(since.toSeconds(), settings.duration().toSeconds());
        }
    }
}
