package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.Shutdown;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import io.pacioli.ledger.app.VerboseOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger up}. */
@Command(
        name = "up",
        description = {
            "Run everything on this machine, until Ctrl-C.",
            "Kafka, PostgreSQL and Redis run embedded, and all services behind one HTTP port. Data persists: the next start"
                    + " goes on where this one stopped.",
            "For development and evaluation: production runs each service alone against clusters of its own."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class UpCommand implements Callable<Integer> {
    private static final Duration STOP_MAX = Duration.ofSeconds(10);
    private static final String LEFT_OUT = "left out, with its projection";

    @Mixin
    private VerboseOption verbose;

    @Mixin
    private HttpOptions http;

    @Mixin
    private CheckpointOptions checkpoints;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = ".ledger",
            description = "Where everything is kept. Default: ${DEFAULT-VALUE}")
    private Path dataDirectory;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "Shards of a new ledger, 1 to 1000, fixed for ever. Default: 6")
    private @Nullable Integer shards;

    @Option(
            names = "--projections",
            paramLabel = "WHICH",
            defaultValue = "both",
            description =
                    "Which projections run: redis (balances, assets, leaderboards), postgres (history, reports) or both."
                            + " One that was left out catches up when it is back. Default: ${DEFAULT-VALUE}")
    private ProjectionChoice projections;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "The port of Kafka; 0 for a free one. Default: ${DEFAULT-VALUE}")
    private int kafkaPort;

    @Option(
            names = "--postgres-port",
            paramLabel = "PORT",
            defaultValue = "15432",
            description = "The port of PostgreSQL; 0 for a free one. Default: ${DEFAULT-VALUE}")
    private int postgresPort;

    @Option(
            names = "--redis-port",
            paramLabel = "PORT",
            defaultValue = "16379",
            description = "The port of Redis; 0 for a free one. Default: ${DEFAULT-VALUE}")
    private int redisPort;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public UpCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.of(spec.commandLine());
        long startNanos = System.nanoTime();
        StackSettings settings = StackSettings.fresh()
                .in(dataDirectory)
                .withShards(shards)
                .withProjections(projections.projections())
                .withHttp(http.settings().host(), http.settings().port())
                .withPorts(kafkaPort, postgresPort, redisPort)
                .withCheckpoints(checkpoints.pace());
        StackProcess process = new StackProcess(settings, verbose.isVerbose());
        return Shutdown.closing(() -> stop(process, terminal), STOP_MAX, () -> {
            EmbeddedStack stack = process.start(text -> terminal.line(terminal.faint(text + " ...")));
            print(stack, Duration.ofNanos(System.nanoTime() - startNanos), terminal);
            stack.awaitStop();
            return 0;
        });
    }

    private static void stop(StackProcess process, Terminal terminal) {
        boolean running = process.isRunning();
        if (running) {
            terminal.line();
            terminal.line(terminal.faint("Stopping ..."));
        }
        process.close();
        if (running) {
            terminal.line("Stopped.");
        }
    }

    private static void print(EmbeddedStack stack, Duration took, Terminal terminal) {
        TextTable table = new TextTable("ll")
                .row(
                        "HTTP",
                        stack.uri() + "   commands and queries; to try them out: /docs; /healthz, /readyz, /metrics")
                .row(
                        "Kafka",
                        stack.kafka().get("bootstrap.servers") + "   topics "
                                + stack.topics().commands() + ", "
                                + stack.topics().journal() + "; " + stack.shards() + " shards")
                .row(
                        Projection.POSTGRES.server(),
                        stack.postgres()
                                .map(postgres ->
                                        postgres.jdbcUrl() + "   user " + postgres.username() + ", schema ledger")
                                .orElse(LEFT_OUT))
                .row(Projection.REDIS.server(), stack.redis().orElse(LEFT_OUT))
                .row("Data", stack.directory().toString())
                .row("Log", stack.log().toString())
                .row("Key", stack.checkpointPublicKey() + "   verifies the signed checkpoints of the journal");
        terminal.line(terminal.good("✔") + " The ledger is up after "
                + String.format(Locale.ROOT, "%.1f", took.toMillis() / 1e3) + " s.");
        terminal.line();
        table.lines().forEach(line -> terminal.line("  " + line));
        terminal.line();
        terminal.line(
                "In another terminal:  ./ledger define-asset GOLD   ./ledger mint alice 100 GOLD   ./ledger balance alice");
        terminal.line(terminal.faint("Ctrl-C stops it; everything is there again at the next start."));
    }
}
