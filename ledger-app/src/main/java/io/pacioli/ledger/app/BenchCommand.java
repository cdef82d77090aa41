package io.pacioli.ledger.app;

import io.pacioli.ledger.bench.BenchSettings;
import io.pacioli.ledger.bench.LedgerBench;
import io.pacioli.ledger.processor.ProcessorSettings;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger bench}. */
@Command(
        name = "bench",
        description = {
            "Measure throughput and latency on this machine.",
            "Broker, processor, producer and reader share its cores. Uses a fresh temporary directory and free ports."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
final class BenchCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("UnusedVariable") // read where failures are told
    private VerboseOption verbose;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "6",
            description = "Shards of the ledger. Default: ${DEFAULT-VALUE}")
    private int shards;

    @Option(
            names = "--accounts",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Accounts to choose from, at least 2. Default: ${DEFAULT-VALUE}")
    private int accounts;

    @Option(
            names = "--transfers",
            paramLabel = "N",
            defaultValue = "300000",
            description = "Transfers of each throughput round. Default: ${DEFAULT-VALUE}")
    private int transfers;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Throughput rounds, of which the median counts. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Transfers a second while latency is measured. Default: ${DEFAULT-VALUE}")
    private int rate;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long latency is measured, after as long a warm-up. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the processor. Default: half of the cores, and one at least")
    private @Nullable Integer threads;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Of the choice of accounts and amounts. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        int processorThreads = Objects.requireNonNullElse(threads, ProcessorSettings.threadsDefault());
        if (shards < 1
                || accounts < 2
                || transfers < 1
                || rounds < 1
                || rate < 1
                || seconds < 1
                || processorThreads < 1) {
            throw new CommandFailure("numbers must be at least 1, and accounts at least 2");
        }
        BenchSettings settings =
                new BenchSettings(shards, accounts, transfers, rounds, rate, seconds, processorThreads, seed);
        LedgerBench.run(settings, Terminal.of(spec.commandLine())::line);
        return 0;
    }
}
