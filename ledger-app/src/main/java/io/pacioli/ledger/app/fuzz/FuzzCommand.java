package io.pacioli.ledger.app.fuzz;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Shutdown;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.VerboseOption;
import io.pacioli.ledger.app.stack.EmbeddedStack;
import io.pacioli.ledger.app.stack.StackProcess;
import io.pacioli.ledger.app.stack.StackSettings;
import io.pacioli.ledger.testkit.fuzz.DecoderFuzz;
import io.pacioli.ledger.testkit.fuzz.Decoders;
import io.pacioli.ledger.testkit.fuzz.FuzzFailure;
import io.pacioli.ledger.testkit.fuzz.FuzzReport;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger fuzz}. */
@Command(
        name = "fuzz",
        description = {
            "Feed every decoder, a gateway and a command topic with what nobody should send.",
            "Well-formed messages of every type are changed in their members, values and bytes. Each must be refused with a reason, or"
                    + " read, written and read again as the same. A fresh ledger answers requests of the same kind, and decides"
                    + " what is well in between. What fails is told with the seed and the number that lead there again."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class FuzzCommand implements Callable<Integer> {
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    @Mixin
    private VerboseOption verbose;

    @Option(
            names = "--inputs",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many inputs for decoders. Default: ${DEFAULT-VALUE}")
    private long inputs;

    @Option(
            names = "--http",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many requests for a gateway. Default: ${DEFAULT-VALUE}")
    private long requests;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many records for the command topic, beside the requests. Default: ${DEFAULT-VALUE}")
    private long records;

    @Option(names = "--seed", paramLabel = "N", description = "Decides all of it. Default: another one each time")
    private @Nullable Long seed;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public FuzzCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        if (inputs < 0 || requests < 0 || records < 0) {
            throw new CommandFailure(
                    "must not be negative: inputs=" + inputs + " http=" + requests + " records=" + records);
        }
        long first = seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed;
        Terminal terminal = Terminal.of(spec.commandLine());
        terminal.line("Seed " + first);
        try {
            decoders(terminal, first);
            if (requests > 0 || records > 0) {
                ledger(terminal, first);
            }
            return 0;
        } catch (FuzzFailure e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private void decoders(Terminal terminal, long first) {
        try (ProgressLine progress = ProgressLine.start(terminal, "Decoding", inputs, " inputs")) {
            FuzzReport report =
                    new DecoderFuzz(first, Decoders.all(first)).run(inputs, done -> progress.at(done, inputs));
            terminal.line(terminal.good("✔") + " " + AmountText.count(report.inputs()) + " inputs for decoders in "
                    + seconds(report.nanos()) + " s: " + AmountText.count(report.accepted())
                    + " read, written and read again, " + AmountText.count(report.refused())
                    + " refused with a reason. The slowest took " + report.slowestNanos() / 1_000_000 + " ms ("
                    + report.slowest() + ").");
            report.targets()
                    .forEach((name, counts) -> terminal.line("  " + name + ": " + AmountText.count(counts.accepted())
                            + " read, " + AmountText.count(counts.refused()) + " refused"));
        }
    }

    private void ledger(Terminal terminal, long first) throws InterruptedException {
        StackProcess process = new StackProcess(StackSettings.fresh(), verbose.isVerbose());
        Shutdown.closing(process, STOP_MAX, () -> {
            EmbeddedStack stack = process.start(text -> terminal.line(terminal.faint(text + " ...")));
            long startNanos = System.nanoTime();
            try (ProgressLine progress = ProgressLine.start(terminal, "Asking", requests, " requests")) {
                StackFuzz.Report report =
                        new StackFuzz(stack, first).run(requests, records, done -> progress.at(done, requests));
                StackFuzz.show(terminal, report);
            }
            terminal.line("All of it took " + seconds(System.nanoTime() - startNanos) + " s.");
            audit(terminal, stack);
            return 0;
        });
    }

    /** What was decided between all that must be as right as ever. */
    private void audit(Terminal terminal, EmbeddedStack stack) {
        int code =
                spec.root().commandLine().execute("audit", "--url", stack.uri().toString());
        if (code != 0) {
            throw new CommandFailure("the ledger does not pass its audit");
        }
        terminal.line(terminal.good("✔") + " The ledger passes its audit.");
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e9);
    }
}
