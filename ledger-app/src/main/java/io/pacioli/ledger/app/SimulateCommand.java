package io.pacioli.ledger.app;

import io.pacioli.ledger.testkit.simulation.Rounds;
import io.pacioli.ledger.testkit.simulation.SimulationFailure;
import io.pacioli.ledger.testkit.simulation.SimulationReport;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger simulate}. */
@Command(
        name = "simulate",
        description = {
            "Hold the ledger's rules against an independent model, in a deterministic simulation of many shards.",
            "Messages come late and twice, shards crash, clocks move; every invariant is checked after every step. A failure prints"
                    + " the seed that leads to it again."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
final class SimulateCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // read where failures are told
    private VerboseOption verbose;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides commands, schedule, clocks and crashes. Default: another one each time")
    private @Nullable Long seed;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many steps to take, in rounds of up to 10,000. Default: ${DEFAULT-VALUE}")
    private long steps;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (steps < 1) {
            throw new CommandFailure("steps must be at least 1: " + steps);
        }
        long first = seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed;
        Terminal terminal = Terminal.of(spec.commandLine());
        terminal.line("Simulating " + AmountText.count(steps) + " steps from seed " + first);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long startNanos = threads.getCurrentThreadCpuTime();
        try {
            SimulationReport report = run(terminal, first);
            show(terminal, report, (threads.getCurrentThreadCpuTime() - startNanos) / 1e9);
            return 0;
        } catch (SimulationFailure e) {
            terminal.line(String.valueOf(e.getMessage()));
            throw new CommandFailure(
                    "the simulation failed; this leads there again: ./ledger simulate --seed "
                            + e.settings().seed() + " --steps " + e.settings().steps(),
                    e);
        }
    }

    private SimulationReport run(Terminal terminal, long first) {
        try (ProgressLine progress = ProgressLine.start(terminal, "Simulating", steps, " steps")) {
            return Rounds.run(first, steps, new Steps(progress)::reached);
        }
    }

    private static void show(Terminal terminal, SimulationReport report, double seconds) {
        terminal.line(terminal.good("✔") + " " + AmountText.count(report.commands()) + " commands in "
                + String.format(Locale.ROOT, "%.1f", seconds) + " s of one core, "
                + AmountText.count((long) (report.commands() / seconds)) + " a second; "
                + AmountText.count(report.repeated()) + " came twice, " + AmountText.count(report.pending())
                + " had to wait, " + AmountText.count(report.due()) + " things fell due, "
                + AmountText.count(report.duplicates()) + " messages were delivered twice, "
                + AmountText.count(report.crashes()) + " shards crashed. Every invariant held after every step.");
        terminal.line();
        terminal.line(terminal.bold("Entries by type"));
        counts(report.events()).lines().forEach(line -> terminal.line("  " + line));
        terminal.line(terminal.bold("Rejections by code"));
        counts(report.rejections()).lines().forEach(line -> terminal.line("  " + line));
    }

    private static TextTable counts(Map<?, Long> counts) {
        TextTable table = new TextTable("rl");
        counts.entrySet().stream()
                .sorted(Comparator.comparingLong(count -> -count.getValue()))
                .forEach(count -> table.row(
                        AmountText.count(count.getValue()), count.getKey().toString()));
        return table;
    }

    /** Turns sums into steps of a progress bar. */
    private static final class Steps {
        private final ProgressLine progress;
        private long told;

        private Steps(ProgressLine progress) {
            this.progress = progress;
        }

        private void reached(SimulationReport sum) {
            progress.step(sum.steps() - told);
            told = sum.steps();
        }
    }
}
