package io.pacioli.ledger.app;

import io.pacioli.ledger.bench.BenchSettings;
import io.pacioli.ledger.bench.LedgerBench;
import io.pacioli.ledger.bench.compare.Comparison;
import io.pacioli.ledger.bench.compare.ComparisonSettings;
import io.pacioli.ledger.processor.ProcessorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
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
            "Broker, processor, producer and reader share its cores. Uses a fresh temporary directory and free ports.",
            "With --compare, the ledger and what its users would pick instead (PostgreSQL alone, Redis alone) take turns with the same"
                    + " transfers; that takes more than an hour."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
final class BenchCommand implements Callable<Integer> {
    private static final int MIB_SHIFT = 20;
    private static final int STATE_MEMORY = (int) (ProcessorSettings.STATE_MEMORY_BYTES >> MIB_SHIFT);

    private static final List<String> COMPARED = List.of("--only", "--rates", "--results", "--warm-up", "--hot");

    private static final List<String> NOT_COMPARED =
            List.of("--decisions-only", "--zipf", "--across", "--state-memory", "--transfers", "--batch", "--rate");
    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

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
            names = "--batch",
            paramLabel = "N",
            defaultValue = "3000",
            description =
                    "Transfers that are sent together in rounds of their own, those of a shard in one record; 0 for no such rounds."
                            + " Default: ${DEFAULT-VALUE}")
    private int batch;

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
            description =
                    "How long latency is measured, after as long a warm-up; with --compare, how long each run that counts sends."
                            + " Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--decisions-only",
            description = "Measure how fast transfers are decided and journaled, and nothing else.")
    private boolean decisionsOnly;

    @Option(
            names = "--zipf",
            description = "Choose accounts by Zipf's law with the exponent of --skew, and not uniformly.")
    private boolean zipf;

    @Option(
            names = "--across",
            paramLabel = "N",
            description =
                    "How many percent of the transfers are between two shards. Default: as many as come by chance")
    private @Nullable Integer across;

    @Option(
            names = "--state-memory",
            paramLabel = "MIB",
            defaultValue = "" + STATE_MEMORY,
            description = "As of ledger processor. Default: ${DEFAULT-VALUE}")
    private int stateMemory;

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

    @Option(
            names = "--compare",
            description = "Compare with PostgreSQL alone and Redis alone, which takes some options more and some less.")
    private boolean compare;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            defaultValue = "5",
            description = "With --compare, seconds of each run that do not count. Default: ${DEFAULT-VALUE}")
    private int warmUp;

    @Option(
            names = "--skew",
            paramLabel = "N",
            defaultValue = "0.99",
            description =
                    "The exponent of Zipf's law with --zipf, and with --compare in the skewed workload. Default: ${DEFAULT-VALUE}")
    private double skew;

    @Option(
            names = "--hot",
            paramLabel = "N",
            defaultValue = "70",
            description =
                    "With --compare, how many percent of the transfers in the hot workload one account pays or is paid."
                            + " Default: ${DEFAULT-VALUE}")
    private int hot;

    @Option(
            names = "--rates",
            paramLabel = "N",
            split = ",",
            defaultValue = "1000,4000",
            description =
                    "With --compare, transfers a second while latency is measured, besides half of each system's own rate."
                            + " Default: ${DEFAULT-VALUE}")
    private List<Integer> rates;

    @Option(
            names = "--only",
            paramLabel = "TEXT",
            description =
                    "With --compare, only the system of this name, or those whose names contain it, such as 'Redis'. May be given more than once."
                            + " Default: all")
    private List<String> only = List.of();

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "With --compare, where the results go. Default: bench-results/ and the time, in UTC")
    private @Nullable Path results;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (compare) {
            compare();
        } else {
            measure();
        }
        return 0;
    }

    private void compare() throws IOException {
        refuse(NOT_COMPARED, "has no part in --compare");
        Instant now = Instant.now();
        Path directory = Objects.requireNonNullElseGet(results, () -> Path.of("bench-results", FILE_TIME.format(now)));
        ComparisonSettings settings = comparison();
        if (Comparison.systems(settings).isEmpty()) {
            throw new CommandFailure("no system is called " + String.join(" or ", only));
        }
        Comparison.run(settings, now.toString(), directory, Terminal.of(spec.commandLine())::line);
    }

    private void refuse(List<String> options, String why) {
        for (String option : options) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new CommandFailure(option + " " + why);
            }
        }
    }

    private ComparisonSettings comparison() {
        int processorThreads = Objects.requireNonNullElse(threads, ProcessorSettings.threadsDefault());
        try {
            return new ComparisonSettings(
                    shards, processorThreads, accounts, rounds, warmUp, seconds, skew, hot, rates, only, seed);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }

    private void measure() {
        refuse(COMPARED, "is for --compare");
        int processorThreads = Objects.requireNonNullElse(threads, ProcessorSettings.threadsDefault());
        if (shards < 1
                || accounts < 2
                || transfers < 1
                || rounds < 1
                || batch < 0
                || rate < 1
                || seconds < 1
                || processorThreads < 1
                || stateMemory < ProcessorSettings.STATE_MEMORY_MIB_MIN
                || (zipf && !(skew > 0))) {
            throw new CommandFailure(
                    "numbers must be at least 1, accounts at least 2, batches at least 0, the state's memory at least "
                            + ProcessorSettings.STATE_MEMORY_MIB_MIN + " MiB, and the exponent more than 0");
        }
        bench(processorThreads).run();
    }

    private LedgerBench bench(int processorThreads) {
        try {
            BenchSettings settings = new BenchSettings(
                    shards,
                    accounts,
                    zipf ? skew : 0,
                    across,
                    transfers,
                    rounds,
                    batch,
                    rate,
                    seconds,
                    decisionsOnly,
                    processorThreads,
                    (long) stateMemory << MIB_SHIFT,
                    seed);
            return LedgerBench.of(settings, Terminal.of(spec.commandLine())::line);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()), e);
        }
    }
}
