package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.app.chaos.Fault.Victim;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run: starts everything, drives it, hurts it, lets it settle, and holds what clients know against the books. */
final class ChaosRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);

    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration LOG_EVERY = Duration.ofSeconds(10);
    private static final Duration WATCH = Duration.ofMillis(500);
    private static final Duration READ_PAUSE = Duration.ofMillis(50);
    private static final int KAFKA_IN_FLIGHT_MAX = 256;
    private static final int HTTP_IN_FLIGHT_MAX = 16;

    /** How many commands go through Kafka for each one that goes over HTTP, which costs the machine more. */
    private static final int KAFKA_SHARE = 4;

    private static final int READERS = 4;

    /** How much of what was asked for must have happened. */
    private static final int MOST_PERCENT = 90;

    /** Those that are asked may be away. */
    private static final int HALF_PERCENT = 50;

    private static final int PERCENT = 100;

    /** How wrong the clocks of clients are; each client has one of them. */
    private static final List<Duration> CLOCKS =
            List.of(Duration.ZERO, Duration.ZERO, Duration.ofHours(5), Duration.ofHours(-7));

    private final ChaosSettings settings;
    private final Listener listener;
    private final Workbench bench;
    private final ChaosStack stack;
    private final ClientLog log;
    private final Violations violations = new Violations();
    private final Collection<Seen> seen = new ConcurrentLinkedQueue<>();
    private final AtomicLong unanswered = new AtomicLong();

    /** Hears how a run goes. */
    interface Listener {
        /** Something begins that takes a while. */
        void phase(String text);

        /** These faults are going to happen. */
        void schedule(List<Fault> faults, Map<Fault.Kind, String> notTried);

        /** A fault is over. */
        void survived(Survived one);

        /** The load goes on. */
        void progress(Duration since);
    }

    /** @param verbose whether the log goes to standard error as well as to a file */
    ChaosRun(ChaosSettings settings, boolean verbose, Listener listener) {
        this.settings = settings;
        this.listener = listener;
        bench = new Workbench(
                settings.directory(),
                "chaos",
                verbose,
                StackShape.redundant(settings.shards(), settings.brokers(), settings.commitInterval()));
        stack = bench.stack();
        log = new ClientLog(bench.router());
    }

    /**
     * Runs.
     *
     * @throws CommandFailure when the system did not start, which says nothing about how it takes faults
     */
    ChaosReport run() throws InterruptedException {
        return bench.attempt(this::finish, ChaosReport::passed);
    }

    private ChaosReport finish() throws InterruptedException {
        long startNanos = System.nanoTime();
        List<Fault> faults = FaultSchedule.draw(
                settings.seed(),
                stack.shape(),
                settings.duration(),
                settings.rampUp(),
                settings.faults(),
                settings.only(),
                stack.notTried().keySet());
        listener.schedule(faults, stack.notTried());
        stack.start(listener::phase);
        Http http = bench.own(new Http(HTTP_TIMEOUT));
        Http quick = bench.own(new Http(Duration.ofSeconds(5)));
        LedgerClient prober = client(Duration.ZERO);
        FaultRunner[] holder = new FaultRunner[1];
        Traffic traffic = new Traffic(log, nanos -> holder[0] == null || holder[0].isQuietSince(nanos));
        Probes probes = new Probes(prober, traffic, bench.router(), quick);
        FaultRunner runner = new FaultRunner(stack, probes, violations, listener::survived);
        holder[0] = runner;
        listener.phase("Giving " + settings.accounts() + " accounts money");
        bench.fund(settings.accounts(), prober, traffic);
        bench.warmUp(probes, violations);
        listener.phase("Sending, with " + faults.size() + " faults");
        long loadNanos = System.nanoTime();
        List<Survived> survived = load(faults, runner, traffic, http);
        Duration loaded = Duration.ofNanos(System.nanoTime() - loadNanos);
        listener.phase("Waiting until everything has settled");
        bench.settle(probes, violations);
        listener.phase("Auditing");
        AuditReport audit = bench.audit(violations);
        listener.phase("Comparing the records of the clients with the journal");
        RecordCheck.Figures figures = check();
        survived.stream()
                .filter(one -> !one.isSurvived())
                .forEach(one -> violations.add("no recovery from " + one.fault().what()));
        requireEnough(survived, figures);
        return new ChaosReport(
                settings,
                Duration.ofNanos(System.nanoTime() - startNanos),
                loaded,
                survived,
                stack.notTried(),
                figures,
                traffic.failures(),
                seen.size(),
                unanswered.get(),
                traffic.quiet(),
                traffic.troubled(),
                audit,
                violations.first(),
                violations.count(),
                bench.kept(violations));
    }

    /** A run in which little happened has shown nothing. */
    private void requireEnough(List<Survived> survived, RecordCheck.Figures figures) {
        long happened = survived.stream().filter(one -> !one.isSkipped()).count();
        requireEnough("faults happened", happened, settings.faults(), MOST_PERCENT);
        requireEnough("plain transfers were done", figures.plainTransfers(), settings.transfers(), MOST_PERCENT);
        requireEnough(
                "questions for balances were answered", seen.size(), seen.size() + unanswered.get(), HALF_PERCENT);
    }

    private void requireEnough(String what, long count, long wanted, int percentMin) {
        if (count * PERCENT < wanted * percentMin) {
            violations.add(
                    "only " + count + " of " + wanted + " " + what + ", which must be " + percentMin + "% or more");
        }
    }

    private LedgerClient client(Duration clockAhead) {
        return bench.client(
                clockAhead.isZero()
                        ? Map.of()
                        : Map.of(
                                "interceptor.classes",
                                WrongClock.class.getName(),
                                WrongClock.AHEAD_MILLIS,
                                Long.toString(clockAhead.toMillis())));
    }

    private List<Survived> load(List<Fault> faults, FaultRunner runner, Traffic traffic, Http http)
            throws InterruptedException {
        List<ChaosClient> clients = clients(traffic, http);
        BalanceReader.Shared shared = new BalanceReader.Shared(
                stack.addresses(Role.BALANCES),
                stack.addresses(Role.HISTORY),
                http,
                traffic,
                settings::accounts,
                seen,
                violations,
                unanswered);
        List<BalanceReader> readers = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            readers.add(new BalanceReader(shared, READ_PAUSE, settings.seed() + i));
        }
        AtomicBoolean done = new AtomicBoolean();
        long startNanos = System.nanoTime();
        try (ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            readers.forEach(reader -> background.execute(() -> guarded("a reader of balances", reader)));
            background.execute(() -> guarded("the watch", () -> watch(done, startNanos, traffic)));
            List<Survived> survived;
            try (ExecutorService sending = Executors.newVirtualThreadPerTaskExecutor()) {
                clients.forEach(client -> sending.execute(() -> guarded("a client", client)));
                bench.own(() -> {
                    runner.stop();
                    clients.forEach(ChaosClient::stop);
                });
                survived = runner.run(faults);
            } finally {
                done.set(true);
                readers.forEach(BalanceReader::stop);
            }
            return survived;
        }
    }

    /** What ends early has seen less than it should: that must not pass in silence. */
    private void guarded(String who, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("{} has failed", who, e);
            violations.add(who + " has failed: " + e);
        }
    }

    private List<ChaosClient> clients(Traffic traffic, Http http) {
        List<LedgerClient> connections = CLOCKS.stream().map(this::client).toList();
        URI gateway = stack.address(new Victim(Role.GATEWAY, 1));
        GatewaySender overHttp = new GatewaySender(http, gateway, violations);
        long total = settings.transfers() * (long) PERCENT / ChaosWorkload.PLAIN_PERCENT;
        long each = total / (settings.clients() * (KAFKA_SHARE + 1L)) + 1;
        List<ChaosClient> clients = new ArrayList<>();
        for (int i = 0; i < settings.clients(); i++) {
            LedgerClient connection = connections.get(i % connections.size());
            clients.add(client("k" + i, i, traffic, connection::submit, each * KAFKA_SHARE, KAFKA_IN_FLIGHT_MAX));
            clients.add(client("h" + i, i, traffic, overHttp::send, each, HTTP_IN_FLIGHT_MAX));
        }
        return clients;
    }

    private ChaosClient client(
            String name,
            int number,
            Traffic traffic,
            Function<Command, CompletableFuture<Outcome>> sender,
            long commands,
            int inFlightMax) {
        long seed = settings.seed() * 1_000_003 + name.hashCode();
        Duration clock = CLOCKS.get(number % CLOCKS.size());
        return new ChaosClient(
                sender,
                new ChaosWorkload(seed, name, settings.accounts(), clock),
                traffic,
                seed,
                new Pace(commands, settings.duration(), settings.rampUp()),
                inFlightMax);
    }

    /** A process that ends without anybody having done something to it is a fault of its own. */
    private void watch(AtomicBoolean done, long startNanos, Traffic traffic) {
        Duration logged = Duration.ZERO;
        while (!done.get()) {
            Duration since = Duration.ofNanos(System.nanoTime() - startNanos);
            listener.progress(since);
            if (since.compareTo(logged.plus(LOG_EVERY)) > 0) {
                logged = since;
                LOG.info("{} answers, {} attempts without one", traffic.answers(), traffic.failures());
            }
            for (Node node : stack.nodes()) {
                if (!node.isAlive() && node.take()) {
                    startAgain(node, since);
                }
            }
            try {
                TimeUnit.NANOSECONDS.sleep(WATCH.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void startAgain(Node node, Duration since) {
        try {
            if (!node.isAlive() && !bench.isClosed()) {
                violations.add(node.name() + " ended by itself after " + since.toSeconds() + " s");
                node.start();
            }
        } catch (RuntimeException e) {
            violations.add(node.name() + " does not start: " + e.getMessage());
        } finally {
            node.giveBack();
        }
    }

    private RecordCheck.Figures check() {
        Map<Integer, List<Seen>> byShard = seen.stream().sorted(Seen.ORDER).collect(Collectors.groupingBy(Seen::shard));
        List<BalanceCheck> balances = new ArrayList<>();
        for (int shard = 0; shard < settings.shards(); shard++) {
            balances.add(new BalanceCheck(shard, byShard.getOrDefault(shard, List.of()), violations));
        }
        RecordCheck records = new RecordCheck(log, violations);
        TransferCheck transfers = new TransferCheck(violations);
        try {
            JournalRead.all(stack.kafka(), Topics.DEFAULT.journal(), settings.shards(), entry -> {
                records.entry(entry);
                transfers.entry(entry);
                balances.get(entry.shard()).entry(entry);
            });
        } catch (CommandFailure | MalformedException | InvariantViolation | KafkaException e) {
            LOG.warn("The journal could not be read", e);
            violations.add("the journal could not be read: " + e.getMessage());
        }
        balances.forEach(BalanceCheck::finish);
        transfers.finish();
        return records.finish();
    }

    /** Stops everything, and deletes it unless there is something to look into. */
    @Override
    public void close() {
        bench.close();
    }
}
