package io.pacioli.ledger.bench.compare;

import com.google.errorprone.annotations.FormatMethod;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.bench.AccountPairs;
import io.pacioli.ledger.bench.BenchWorkload;
import io.pacioli.ledger.bench.PacedTransfers;
import io.pacioli.ledger.bench.Spread;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs the same transfers against the ledger and against what its users would pick instead, on one machine and in one go.
 *
 * <p>The systems take turns, one in each round, and only one runs at a time. A turn begins with fresh data and funded accounts. Each
 * workload is then sent as fast as the system takes it, uncounted at first, to warm up, and then for the seconds that count: from the
 * first call until the last transfer has come to each {@link Stage}. In the last round latency is measured at fixed rates. A turn ends
 * with the books: a system whose balances or history are wrong ends the comparison.
 */
public final class Comparison {
    private static final int PIPELINE = 16;
    private static final int SAMPLE = 100_000;

    /** And as many transfers beside them. */
    private static final int BALANCE_READS_PER_SECOND = 1_000;

    private final ComparisonSettings settings;
    private final Consumer<String> out;
    private final List<Contender> contenders;
    private final List<Workload> workloads;
    private final SequencedMap<String, SequencedMap<String, String>> systems = new LinkedHashMap<>();
    private final List<Measurement> measurements = new ArrayList<>();
    private final List<Latency> latencies = new ArrayList<>();

    /** How many loads the turn has had: those of a turn must differ, and be those of every other system's turn. */
    private int loads;

    private Comparison(ComparisonSettings settings, Consumer<String> out) {
        this.settings = settings;
        this.out = out;
        contenders = contenders(settings);
        workloads = List.of(
                new Workload("uniform", AccountPairs.uniform(settings.accounts())),
                new Workload("Zipf " + settings.skew(), AccountPairs.zipf(settings.accounts(), settings.skew())),
                new Workload(
                        settings.hotPercent() + "% hot", AccountPairs.hot(settings.accounts(), settings.hotPercent())));
    }

    private static List<Contender> contenders(ComparisonSettings settings) {
        List<Contender> contenders = new ArrayList<>();
        contenders.add(new Pacioli(settings.shards(), settings.threads(), true));
        contenders.add(new Pacioli(settings.shards(), settings.threads(), false));
        for (Postgres.Way way : Postgres.Way.values()) {
            contenders.add(new Postgres(way, 8, Postgres.Commit.ON));
            contenders.add(new Postgres(way, 32, Postgres.Commit.ON));
        }
        // As far as the ledger's broker goes before it acknowledges.
        contenders.add(new Postgres(Postgres.Way.ROWS, 32, Postgres.Commit.OFF));
        for (RedisLua.Persistence persistence : RedisLua.Persistence.values()) {
            contenders.add(new RedisLua(persistence, RedisLua.CONNECTIONS, 1));
            contenders.add(new RedisLua(persistence, RedisLua.CONNECTIONS, PIPELINE));
        }
        if (!settings.only().isEmpty()) {
            Set<String> names = contenders.stream().map(Contender::name).collect(Collectors.toSet());
            contenders.removeIf(
                    contender -> settings.only().stream().noneMatch(text -> isMeant(text, contender.name(), names)));
        }
        return List.copyOf(contenders);
    }

    /** A whole name means that system alone, also when it begins the name of another one. */
    private static boolean isMeant(String text, String name, Set<String> names) {
        return names.contains(text) ? name.equals(text) : name.contains(text);
    }

    /**
     * Runs it, which takes more than an hour with three rounds of ten seconds, and writes {@code results.json},
     * {@code results.md} and {@code transfers.svg}.
     *
     * @param startedAt the time, in UTC, for the files
     * @param directory where they go, created when absent
     * @param out gets the lines of the report as they come
     * @throws IllegalStateException when a system does not do what it must
     */
    public static void run(ComparisonSettings settings, String startedAt, Path directory, Consumer<String> out)
            throws IOException {
        Files.createDirectories(directory);
        new Comparison(settings, out).run(startedAt, directory);
    }

    /** The names of the systems that take part. */
    public static List<String> systems(ComparisonSettings settings) {
        return contenders(settings).stream().map(Contender::name).toList();
    }

    private void run(String startedAt, Path directory) throws IOException {
        Machine machine = Machine.here();
        SequencedMap<String, Double> acrossShards = acrossShards();
        ResultsReport.method(machine, settings, acrossShards).forEach(out);
        for (int round = 1; round <= settings.rounds(); round++) {
            List<Contender> order = new ArrayList<>(contenders);
            // Whoever comes first finds a cooler machine, so each round begins with another one.
            Collections.rotate(order, 1 - round);
            for (Contender contender : order) {
                turn(contender, round);
            }
            // After each, so that what ends a later one does not take the earlier ones with it.
            write(results(startedAt, machine, acrossShards), directory);
        }
        ResultsReport.write(results(startedAt, machine, acrossShards)).forEach(out);
        line("written to %s", directory);
    }

    private Results results(String startedAt, Machine machine, SequencedMap<String, Double> acrossShards) {
        return new Results(startedAt, machine, settings, acrossShards, systems, measurements, latencies);
    }

    private static void write(Results results, Path directory) throws IOException {
        Files.write(directory.resolve("results.md"), ResultsReport.write(results));
        Files.writeString(directory.resolve("results.json"), ResultsJson.write(results));
        Files.writeString(directory.resolve("transfers.svg"), ResultsChart.write(results));
    }

    private void turn(Contender contender, int round) {
        loads = 0;
        try (Contender.Started started = contender.start(settings.accounts())) {
            if (!systems.containsKey(contender.name())) {
                SequencedMap<String, String> told = started.settings();
                systems.put(contender.name(), told);
                line("%s: %s", contender.name(), ResultsReport.told(told));
            }
            long accepted = requireChecks(contender.name(), started) + warmUp(started);
            for (Workload workload : workloads) {
                accepted += throughput(contender.name(), started, workload, round);
            }
            if (round == settings.rounds() && contender.isPaced()) {
                accepted += latencies(contender.name(), started);
                accepted += reads(contender.name(), started);
            }
            started.books().require(contender.name(), accepted, settings.accounts() * BenchWorkload.FUNDS);
        }
    }

    /**
     * A transfer is accepted, the same once more must change nothing, which the books show in the end, and one of more than there is must
     * be refused.
     *
     * @return how many were accepted
     */
    private long requireChecks(String system, Contender.Started started) {
        BenchWorkload workload = load(workloads.getFirst()).lane(0);
        Command.Transfer first = workload.transfer();
        if (!started.transfer(first)) {
            throw new IllegalStateException(system + " refuses a good transfer");
        }
        started.transfer(first);
        Command.Transfer next = workload.transfer();
        Command.Transfer tooMuch = new Command.Transfer(
                next.id(),
                next.asset(),
                next.from(),
                next.to(),
                Amount.of(2 * BenchWorkload.FUNDS),
                next.memo(),
                next.metadata());
        if (started.transfer(tooMuch)) {
            throw new IllegalStateException(system + " accepts a transfer of more than there is");
        }
        return 1;
    }

    /** All have clients in Java, which compiles what it runs for a while. */
    private long warmUp(Contender.Started started) {
        return started.run(load(workloads.getFirst()), Duration.ofSeconds(settings.firstWarmUpSeconds()))
                .counts()
                .accepted();
    }

    /** @return how many transfers were accepted */
    private long throughput(String system, Contender.Started started, Workload workload, int round) {
        Run warmUp = started.run(load(workload), Duration.ofSeconds(settings.warmUpSeconds()));
        Usage before = Usage.now();
        Run run = started.run(load(workload), Duration.ofSeconds(settings.seconds()));
        Measurement measurement =
                new Measurement(system, workload.name(), round, run, Usage.now().since(before));
        measurements.add(measurement);
        run.seconds()
                .keySet()
                .forEach(stage -> line(
                        "round %d, %s, %s: %,.0f transfers/s %s",
                        round, workload.name(), system, measurement.rate(stage), stage.label()));
        return warmUp.counts().accepted() + run.counts().accepted();
    }

    /** @return how many transfers were accepted */
    private long latencies(String system, Contender.Started started) {
        double median = median(system);
        List<Integer> rates = new ArrayList<>(settings.rates());
        rates.removeIf(rate -> rate > median);
        rates.add(Math.max(1, (int) (median / 2)));
        long accepted = 0;
        for (int rate : rates) {
            Paced warmUp = started.paced(load(workloads.getFirst()), rate, settings.warmUpSeconds());
            Paced paced = started.paced(load(workloads.getFirst()), rate, settings.seconds());
            add(Latency.of(
                    system, Latency.Request.TRANSFER, rate, paced.transfers().latency(), paced.lags()));
            accepted += warmUp.transfers().accepted() + paced.transfers().accepted();
        }
        return accepted;
    }

    /** @return how many transfers were accepted */
    private long reads(String system, Contender.Started started) {
        Optional<PacedTransfers> reads =
                started.reads(load(workloads.getFirst()), BALANCE_READS_PER_SECOND, settings.seconds());
        reads.ifPresent(found ->
                add(Latency.of(system, Latency.Request.BALANCE, BALANCE_READS_PER_SECOND, found.latency(), Map.of())));
        return reads.map(PacedTransfers::accepted).orElse(0L);
    }

    private void add(Latency latency) {
        latencies.add(latency);
        line("%s", latency.summary());
    }

    /** Of the rates at which the system came to its first stage in the first workload. */
    private double median(String system) {
        return Spread.of(measurements.stream()
                        .filter(measurement -> measurement.system().equals(system)
                                && measurement
                                        .workload()
                                        .equals(workloads.getFirst().name()))
                        .map(measurement -> measurement.rate(
                                measurement.run().seconds().keySet().iterator().next()))
                        .toList())
                .median();
    }

    private Load load(Workload workload) {
        loads++;
        return new Load(workload.pairs(), settings.seed() + (long) loads * Load.LANES_MAX);
    }

    private SequencedMap<String, Double> acrossShards() {
        KafkaRouter router = new KafkaRouter(settings.shards());
        SequencedMap<String, Double> shares = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            BenchWorkload transfers = new Load(workload.pairs(), settings.seed()).lane(0);
            int across = 0;
            for (int i = 0; i < SAMPLE; i++) {
                Command.Transfer transfer = transfers.transfer();
                if (router.shardOf(transfer.from()) != router.shardOf(transfer.to())) {
                    across++;
                }
            }
            shares.put(workload.name(), (double) across / SAMPLE);
        }
        return shares;
    }

    @FormatMethod
    private void line(String format, Object... values) {
        out.accept(String.format(Locale.ROOT, format, values));
    }
}
