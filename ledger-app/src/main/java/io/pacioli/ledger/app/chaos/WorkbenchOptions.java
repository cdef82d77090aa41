package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.VerboseOption;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What all commands have that run a ledger of processes to examine it, see {@link Workbench}. */
final class WorkbenchOptions {
    /** How long it may take to stop all processes. */
    static final Duration STOP_MAX = Duration.ofSeconds(30);

    @Mixin
    private final VerboseOption verbose = new VerboseOption();

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "6",
            description = "Shards of the ledger. Default: ${DEFAULT-VALUE}")
    private int shards;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep everything there, empty or new. Default: a temporary directory, deleted when all holds")
    private @Nullable Path directory;

    /** For picocli. */
    WorkbenchOptions() {}

    boolean isVerbose() {
        return verbose.isVerbose();
    }

    int shards() {
        return shards;
    }

    @Nullable
    Path directory() {
        return directory;
    }

    /** Tells what begins: in a line of its own, unless somebody watches one line move or wants nothing but the report. */
    static void phase(String text, ProgressLine progress, Terminal terminal, boolean json) {
        progress.message(text);
        if (!terminal.isAlive() && !json) {
            terminal.line(text + " ...");
        }
    }
}
