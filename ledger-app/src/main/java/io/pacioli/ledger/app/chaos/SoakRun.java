package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.app.chaos.Fault.Victim;
import io.pacioli.ledger.audit.AuditReport;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** A long run at a steady rate: what a ledger takes from the machine must not grow, but for what it is there to keep. */
final class SoakRun implements AutoCloseable {
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(15);
    private static final int SAMPLES_A_WINDOW = 40;
    private static final long SAMPLE_MILLIS_MIN = 500;
    private static final int HTTP_IN_FLIGHT_MAX = 64;
    private static final int KAFKA_IN_FLIGHT_MAX = LedgerClientSettings.IN_FLIGHT_DEFAULT / 2;
    private static final double MEBI = 1 << 20;
    private static final double P50 = 50;
    private static final double P99 = 99;
    private static final double KEPT_UP = 0.98;
    private static final long HIGHEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;
    private static final String STATE_MEMORY = "ledger_state_memory_bytes";
    private static final String ALL = "all";

    private final SoakSettings settings;
    private final Listener listener;
    private final Workbench bench;
    private final ChaosStack stack;
    private final Violations violations = new Violations();
    private final SoakWindows windows = new SoakWindows();
    private long unanswered;

    /** Hears how a run goes. */
    interface Listener {
        /** Something begins that takes a while. */
        void phase(String text);

        /** The load goes on. */
        void progress(Duration since);
    }

    /** What is sent, and what of it is watched. */
    private record Load(String name, SteadyLoad requests, List<Histogram> byWindow) {
        static Load of(String name, Supplier<? extends CompletableFuture<?>> request, double rate, int inFlightMax) {
            List<Histogram> made = Stream.generate(() -> new Histogram(HIGHEST_MICROS, DIGITS))
                    .limit(SoakWindows.COUNT)
                    .toList();
            return new Load(name, new SteadyLoad(request, rate, inFlightMax), made);
        }

        long answered() {
            return byWindow.stream().mapToLong(Histogram::getTotalCount).sum();
        }
    }

    /** @param verbose whether the log goes to standard error as well as to a file */
    SoakRun(SoakSettings settings, boolean verbose, Listener listener) {
        Usage.require();
        this.settings = settings;
        this.listener = listener;
        bench = new Workbench(settings.directory(), "soak", verbose, StackShape.single(settings.shards()));
        stack = bench.stack();
    }

    /**
     * Runs.
     *
     * @throws CommandFailure when the system did not start
     */
    SoakReport run() throws InterruptedException {
        return bench.attempt(this::finish, SoakReport::passed);
    }

    private SoakReport finish() throws InterruptedException {
        stack.start(listener::phase);
        Http http = bench.own(new Http(HTTP_TIMEOUT));
        LedgerClient client = bench.client(Map.of());
        Traffic traffic = new Traffic(new ClientLog(bench.router()), nanos -> true);
        Probes probes = new Probes(client, traffic, bench.router(), http);
        listener.phase("Giving " + settings.accounts() + " accounts money");
        bench.fund(settings.accounts(), client, traffic);
        bench.warmUp(probes, violations);
        listener.phase("Sending " + settings.rate() + " commands a second");
        List<Load> loads = loads(client, http);
        load(loads, http);
        listener.phase("Waiting until everything has settled");
        bench.settle(probes, violations);
        listener.phase("Auditing");
        @Nullable AuditReport audit = bench.audit(violations);
        return report(loads, audit);
    }

    private List<Load> loads(LedgerClient client, Http http) {
        ChaosWorkload overKafka = workload("k");
        ChaosWorkload overHttp = workload("h");
        GatewaySender gateway = new GatewaySender(http, stack.address(new Victim(Role.GATEWAY, 1)), violations);
        int httpRate = settings.httpRate();
        return List.of(
                Load.of(
                        "commands over Kafka",
                        () -> client.submit(overKafka.next()),
                        Math.max(1, settings.rate() - httpRate),
                        KAFKA_IN_FLIGHT_MAX),
                Load.of("commands over HTTP", () -> gateway.send(overHttp.next()), httpRate, HTTP_IN_FLIGHT_MAX),
                questions("balances", http, Role.BALANCES, "/balances"),
                questions("histories", http, Role.HISTORY, "/entries?limit=20"));
    }

    private ChaosWorkload workload(String client) {
        return new ChaosWorkload(settings.seed() + client.hashCode(), client, settings.accounts(), Duration.ZERO);
    }

    private Load questions(String name, Http http, Role role, String what) {
        SplittableRandom random = new SplittableRandom(settings.seed() + name.hashCode());
        URI server = stack.addresses(role).getFirst();
        return Load.of(
                name,
                () -> {
                    String account = ChaosWorkload.account(random.nextInt(settings.accounts()));
                    return ask(http, server.resolve("/v1/accounts/" + account + what));
                },
                settings.httpRate(),
                HTTP_IN_FLIGHT_MAX);
    }

    private static CompletableFuture<Http.Answer> ask(Http http, URI question) {
        return CompletableFuture.supplyAsync(
                () -> {
                    Http.Answer answer = http.get(question);
                    if (answer == null || answer.status() != Http.OK) {
                        throw new CompletionException(new IOException(question + ": " + answer));
                    }
                    return answer;
                },
                Thread::startVirtualThread);
    }

    private void load(List<Load> loads, Http http) throws InterruptedException {
        List<Thread> threads = loads.stream()
                .map(load -> Thread.ofPlatform().name("soak-" + load.name()).start(load.requests()))
                .toList();
        try {
            ProcessWatch watch = new ProcessWatch(stack, http, violations);
            long startNanos = System.nanoTime();
            long everyMillis = Math.max(SAMPLE_MILLIS_MIN, settings.window().toMillis() / SAMPLES_A_WINDOW);
            long lookedNanos = startNanos;
            while (System.nanoTime() - startNanos < settings.duration().toNanos()) {
                Thread.sleep(everyMillis);
                Duration since = Duration.ofNanos(System.nanoTime() - startNanos);
                listener.progress(since);
                int window = (int) (since.toMillis() / settings.window().toMillis());
                if (window < SoakWindows.COUNT) {
                    double seconds = (System.nanoTime() - lookedNanos) / 1e9;
                    lookedNanos = System.nanoTime();
                    take(loads, window, seconds);
                    watch.look((node, usage, figures) -> sample(window, node, usage, figures));
                    sampleStores(window);
                }
            }
        } finally {
            loads.forEach(load -> load.requests().stop());
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void take(List<Load> loads, int window, double seconds) {
        for (Load load : loads) {
            Histogram taken = load.requests().takeLatencies();
            windows.add(window, SoakFigure.RATE, load.name(), taken.getTotalCount() / seconds);
            load.byWindow().get(window).add(taken);
            long failed = load.requests().takeFailures();
            windows.add(window, SoakFigure.UNANSWERED, load.name(), (double) failed);
            unanswered += failed;
        }
    }

    private void sample(int window, Node node, Usage usage, ServiceFigures figures) {
        windows.add(window, SoakFigure.RESIDENT, node.name(), usage.residentBytes() / MEBI);
        windows.add(window, SoakFigure.THREADS, node.name(), (double) usage.threads());
        SoakFigure files = node.victim().role() == Role.POSTGRES ? SoakFigure.CACHED_FILES : SoakFigure.FILES;
        windows.add(window, files, node.name(), (double) usage.files());
        if (!figures.text().isEmpty()) {
            windows.add(window, SoakFigure.HEAP, node.name(), figures.heapBytes() / MEBI);
        }
        String lag = "ledger_" + node.victim().role().title().replace('-', '_') + "_lag";
        if (figures.text().contains(lag)) {
            windows.add(window, SoakFigure.LAG, node.name(), figures.sum(lag));
            windows.add(window, SoakFigure.LAG_MAX, node.name(), figures.sum(lag));
        }
        if (figures.text().contains(STATE_MEMORY)) {
            windows.add(window, SoakFigure.STATE, node.name(), figures.sum(STATE_MEMORY) / MEBI);
        }
        windows.add(
                window,
                SoakFigure.DISK,
                node.name(),
                Usage.diskBytes(bench.directory().resolve(node.name())) / MEBI);
    }

    private void sampleStores(int window) {
        long accounts = stack.accounts();
        if (accounts > 0) {
            windows.add(window, SoakFigure.ACCOUNTS, ALL, (double) accounts);
            windows.add(window, SoakFigure.REDIS, ALL, (double) stack.redisBytes() / accounts);
        }
    }

    private SoakReport report(List<Load> loads, @Nullable AuditReport audit) {
        for (Load load : loads) {
            for (int window = 0; window < SoakWindows.COUNT; window++) {
                Histogram all = load.byWindow().get(window);
                windows.add(window, SoakFigure.P50, load.name(), all.getValueAtPercentile(P50) / 1e3);
                windows.add(window, SoakFigure.P99, load.name(), all.getValueAtPercentile(P99) / 1e3);
            }
        }
        long commands = loads.stream().limit(2).mapToLong(Load::answered).sum();
        long wanted = settings.rate() * settings.duration().toSeconds();
        if (commands < wanted * KEPT_UP) {
            violations.add("only " + commands + " of " + wanted + " commands were answered in time");
        }
        List<SoakWindows.Row> rows = windows.rows();
        rows.stream()
                .map(SoakWindows.Row::growth)
                .filter(text -> !text.isEmpty())
                .forEach(violations::add);
        return new SoakReport(
                settings,
                rows,
                commands,
                unanswered,
                audit,
                violations.first(),
                violations.count(),
                bench.kept(violations));
    }

    /** Stops everything, and deletes it unless there is something to look into. */
    @Override
    public void close() {
        bench.close();
    }
}
