package io.pacioli.ledger.app.demo;

import io.pacioli.ledger.app.Shutdown;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.VerboseOption;
import io.pacioli.ledger.app.stack.EmbeddedStack;
import io.pacioli.ledger.app.stack.StackProcess;
import io.pacioli.ledger.app.stack.StackSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger demo}. */
@Command(
        name = "demo",
        description = {
            "See money move, and a proof that none was made or lost.",
            "Starts real Kafka, PostgreSQL and Redis with all services, sends some thousand transfers, shows what the"
                    + " projections say, and checks every balance against a replay of the journal.",
            "Uses a fresh temporary directory and free ports; nothing is left behind. Exit code 0 when all agrees."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class DemoCommand implements Callable<Integer> {
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    @Mixin
    private VerboseOption verbose;

    @Option(
            names = "--transfers",
            paramLabel = "N",
            defaultValue = "5000",
            description = "How many transfers. Default: ${DEFAULT-VALUE}")
    private int transfers;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many accounts. Default: ${DEFAULT-VALUE}")
    private int accounts;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1494",
            description = "The same seed gives the same transfers. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--shards", paramLabel = "N", description = "Shards of the ledger, 1 to 1000. Default: 6")
    private @Nullable Integer shards;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public DemoCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.of(spec.commandLine());
        long startNanos = System.nanoTime();
        StaleDirectories.delete();
        StackProcess process = new StackProcess(StackSettings.fresh().withShards(shards), verbose.isVerbose());
        boolean agrees = Shutdown.closing(process, STOP_MAX, () -> {
            EmbeddedStack stack = process.start(text -> terminal.line(terminal.faint(text + " ...")));
            terminal.line(terminal.good("✔") + " A fresh ledger of " + stack.shards() + " shards is up after "
                    + seconds(startNanos) + " s at " + stack.uri());
            try (DemoRun run = new DemoRun(stack, new DemoWorkload(seed, accounts, transfers), terminal)) {
                return run.run();
            }
        });
        terminal.line(terminal.faint("Everything is stopped and deleted again after " + seconds(startNanos) + " s."));
        return agrees ? 0 : 1;
    }

    private static String seconds(long startNanos) {
        return String.format(Locale.ROOT, "%.1f", (System.nanoTime() - startNanos) / 1e9);
    }
}
