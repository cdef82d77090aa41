package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Shutdown;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.service.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger soak}. */
@Command(
        name = "soak",
        description = {
            "Run a ledger at a steady rate for long, and see that nothing grows.",
            "Starts a broker, a processor, both projectors, a gateway, PostgreSQL and Redis as processes of their own, sends all kinds"
                    + " of commands and asks for balances and histories meanwhile. Memory, heaps, threads, open files and the lag of"
                    + " projections must be in the last third what they were in the one before it. The audit must pass in the end.",
            "Needs Linux, whose /proc tells what processes take.",
            "Exit codes: 0 nothing has grown; 1 something has or failed, and logs and data are kept."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class SoakCommand implements Callable<Integer> {
    private static final int MILLIS_A_MINUTE = 60_000;

    @Mixin
    private WorkbenchOptions workbench;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "60",
            description = "How long, starting and checking excluded; 0.5 for half a minute. Default: ${DEFAULT-VALUE}")
    private double minutes;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "Commands a second, of which one in 50 goes over HTTP, and as many questions to each projection."
                            + " Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Accounts of plain transfers, which are three of four commands. Default: ${DEFAULT-VALUE}")
    private int accounts;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Decides the commands. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--json", description = "Print the report as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public SoakCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.of(spec.commandLine());
        SoakSettings settings = settings();
        try (ProgressLine progress =
                ProgressLine.start(terminal, "Soak", settings.duration().toSeconds(), " s")) {
            SoakRun run = new SoakRun(settings, workbench.isVerbose(), new SoakRun.Listener() {
                @Override
                public void phase(String text) {
                    WorkbenchOptions.phase(text, progress, terminal, json);
                }

                @Override
                public void progress(Duration since) {
                    progress.at(since.toSeconds(), settings.duration().toSeconds());
                }
            });
            SoakReport report = Shutdown.closing(run, WorkbenchOptions.STOP_MAX, run::run);
            if (json) {
                terminal.line(json(report));
            } else {
                new SoakText(report, terminal).print();
            }
            return report.passed() ? 0 : 1;
        }
    }

    private SoakSettings settings() {
        try {
            return new SoakSettings(
                    seed,
                    Duration.ofMillis((long) (minutes * MILLIS_A_MINUTE)),
                    rate,
                    accounts,
                    workbench.shards(),
                    workbench.directory());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private static String json(SoakReport report) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("passed", report.passed());
        json.put("durationMillis", report.settings().duration().toMillis());
        json.put("rate", report.settings().rate());
        json.put("accounts", report.settings().accounts());
        json.put("commands", report.commands());
        json.put("unanswered", report.unanswered());
        json.put(
                "auditDifferences",
                report.audit() == null ? null : report.audit().differences());
        json.put("figures", report.rows().stream().map(SoakCommand::row).toList());
        json.put("violationCount", report.violationCount());
        json.put("violations", report.violations());
        return new String(Json.bytes(json), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> row(SoakWindows.Row row) {
        List<@Nullable Double> windows = new ArrayList<>();
        row.windows().forEach(value -> windows.add(Double.isNaN(value) ? null : value));
        return Map.of("figure", row.figure().name(), "of", row.of(), "windows", windows);
    }
}
