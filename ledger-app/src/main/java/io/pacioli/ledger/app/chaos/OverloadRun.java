package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.app.chaos.Fault.Victim;
import io.pacioli.ledger.app.chaos.OverloadReport.Resident;
import io.pacioli.ledger.audit.AuditReport;
import io.pacioli.ledger.core.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a ledger more than it can decide, at its gateway and straight into Kafka, and makes its stores stand still: nothing may fall
 * over, what is refused must be told when to come again, what is accepted must be decided in bounded time, and afterwards everything must
 * be as it was before.
 */
final class OverloadRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OverloadRun.class);
    private static final Duration HTTP_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration DRAINED_MAX = Duration.ofMinutes(15);
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Batches on their way at a time, when as many as possible are sent and none is refused. */
    private static final int CLOSED_IN_FLIGHT = 64;

    /** The same when more are sent than can be decided: connections of the machine are finite. */
    private static final int OPEN_IN_FLIGHT_MAX = 1_000;

    private static final double AT_ONCE = 1e6;
    private static final double HALF = 0.5;

    /** What a JVM may have in use besides its heap: code, threads, buffers, RocksDB. */
    private static final long BESIDES_HEAP_MAX = 512L << 20;

    /** How much slower than in peace it may be to count as normal. */
    private static final int NORMAL_FACTOR = 2;

    private static final Duration NORMAL_MORE = Duration.ofMillis(50);

    /** What a client waits for at most is what decides whether it is told of an outcome. */
    private static final Duration ACCEPTED_MAX = Duration.ofSeconds(6);

    private static final double OFFERED_MIN = 0.8;
    private static final int NORMAL_SECONDS_MAX = 10;

    /** What a store may take more than before: PostgreSQL fills its buffers, a sixteenth of the machine's memory. */
    private static final long STORE_MORE_MAX = 2L << 30;

    private final OverloadSettings settings;
    private final Consumer<String> listener;
    private final Workbench bench;
    private final ChaosStack stack;
    private final Violations violations = new Violations();
    private final Map<String, Resident> resident = new TreeMap<>();
    private final List<OverloadStep> steps = new ArrayList<>();
    private final Map<String, Duration> after = new LinkedHashMap<>();
    private volatile long flood;
    private final AtomicBoolean peaceful = new AtomicBoolean(true);

    /**
     * @param verbose whether the log goes to standard error as well as to a file
     * @param listener hears what begins
     */
    OverloadRun(OverloadSettings settings, boolean verbose, Consumer<String> listener) {
        Usage.require();
        this.settings = settings;
        this.listener = listener;
        bench = new Workbench(settings.directory(), "overload", verbose, StackShape.single(settings.shards()));
        stack = bench.stack();
    }

    /**
     * Runs.
     *
     * @throws CommandFailure when the system did not start
     */
    OverloadReport run() throws InterruptedException {
        return bench.attempt(this::finish, OverloadReport::passed);
    }

    private OverloadReport finish() throws InterruptedException {
        stack.start(listener);
        Http http = bench.own(new Http(HTTP_TIMEOUT));
        LedgerClient client = bench.client(Map.of());
        Traffic traffic = new Traffic(new ClientLog(bench.router()), nanos -> true);
        Probes probes = new Probes(client, traffic, bench.router(), http);
        listener.accept("Giving " + settings.accounts() + " accounts money");
        bench.fund(settings.accounts(), client, traffic);
        bench.warmUp(probes, violations);
        BatchSender sender =
                bench.own(new BatchSender(stack.address(new Victim(Role.GATEWAY, 1)), settings.accounts(), violations));
        AtomicBoolean done = new AtomicBoolean();
        Thread watching = Thread.ofPlatform().daemon().name("overload-watch").start(() -> watch(done));
        try {
            steps(sender, client, probes);
        } finally {
            done.set(true);
            watching.join();
        }
        listener.accept("Waiting until everything has settled");
        bench.settle(probes, violations);
        listener.accept("Auditing");
        AuditReport audit = bench.audit(violations);
        checkMemory();
        return new OverloadReport(
                settings,
                steps,
                flood,
                after,
                resident,
                audit,
                violations.first(),
                violations.count(),
                bench.kept(violations));
    }

    private void steps(BatchSender sender, LedgerClient client, Probes probes) throws InterruptedException {
        listener.accept("warming up");
        load(sender, AT_ONCE, CLOSED_IN_FLIGHT, WARM_UP, () -> {});
        OverloadStep most = step("as much as it decides", sender, AT_ONCE, CLOSED_IN_FLIGHT, () -> {});
        requireDecided(most);
        double capacity = most.rate(most.counts().decided());
        if (capacity == 0) {
            throw new CommandFailure("nothing was decided, so there is nothing to exceed");
        }
        probes.decide(DRAINED_MAX);
        OverloadStep half = half("half of that", sender, capacity, () -> {});
        peaceful.set(false);
        overload(sender, capacity, half);
        stores(sender, capacity, half, probes);
        flood(sender, client, capacity, half, probes);
    }

    /** More than can be decided, at the gateway. */
    private void overload(BatchSender sender, double capacity, OverloadStep half) throws InterruptedException {
        double wanted = settings.times() * capacity;
        OverloadStep over = step(times() + " of that", sender, wanted / BatchSender.SIZE, OPEN_IN_FLIGHT_MAX, () -> {});
        require(
                over.rate(over.counts().offered()) >= OFFERED_MIN * wanted,
                "only " + Math.round(over.rate(over.counts().offered())) + " transfers a second could be sent");
        require(over.counts().unanswered() == 0, over.counts().unanswered() + " transfers got no answer");
        require(over.counts().undecided() == 0, over.counts().undecided() + " were accepted and not decided in time");
        require(over.counts().decided() > 0, "nothing was decided under overload");
        require(over.p99().compareTo(ACCEPTED_MAX) <= 0, "what was accepted took " + over.p99() + " (p99)");
        again("the overload", Duration.ZERO, sender, capacity, half);
    }

    private void stores(BatchSender sender, double capacity, OverloadStep half, Probes probes)
            throws InterruptedException {
        Node redis = stack.node(new Victim(Role.REDIS, 1));
        Node postgres = stack.node(new Victim(Role.POSTGRES, 1));
        for (Node store : List.of(redis, postgres)) {
            undisturbed(
                    half("half, " + store.name() + " slow", sender, capacity, () -> store.slow(settings.step())), half);
            undisturbed(half("half, " + store.name() + " stopped", sender, capacity, () -> stop(store)), half);
            drain(probes);
        }
    }

    private void stop(Node store) {
        store.pause(settings.step());
        require(ChaosStack.await(LOOK, store::isStopped), store.name() + " does not stand still");
    }

    private void undisturbed(OverloadStep step, OverloadStep half) {
        require(
                step.p99().compareTo(bound(half)) <= 0,
                "decisions were slower with " + step.name() + ": p99 " + step.p99() + ", before " + half.p99());
    }

    /** More than can be decided, straight into Kafka, whose producers nobody stops. */
    private void flood(BatchSender sender, LedgerClient client, double capacity, OverloadStep half, Probes probes)
            throws InterruptedException {
        SteadyLoad load =
                new SteadyLoad(() -> client.send(sender.transfer()), settings.times() * capacity, Integer.MAX_VALUE);
        Thread flooding = Thread.ofPlatform().daemon().name("overload-flood").start(load);
        try {
            step(
                    "half, and " + times() + " straight into Kafka",
                    sender,
                    HALF * capacity / BatchSender.SIZE,
                    OPEN_IN_FLIGHT_MAX,
                    () -> {});
        } finally {
            load.stop();
        }
        flooding.join();
        long endNanos = System.nanoTime();
        flood = load.takeLatencies().getTotalCount();
        LOG.info("The flood was {} commands", flood);
        long lost = load.takeFailures();
        require(lost == 0, lost + " commands were not acknowledged by Kafka");
        require(
                flood
                        >= OFFERED_MIN
                                * settings.times()
                                * capacity
                                * settings.step().toSeconds(),
                "only " + flood + " commands could be written straight into Kafka");
        listener.accept("Waiting until all that has been decided");
        if (probes.decide(DRAINED_MAX) == null) {
            violations.add("not all of the flood was decided");
            return;
        }
        after.put("All of the flood was decided", Duration.ofNanos(System.nanoTime() - endNanos));
        listener.accept("Waiting until the projections show it");
        drain(probes);
        Duration drained = Duration.ofNanos(System.nanoTime() - endNanos);
        after.put("The projections showed all of it", drained);
        again("the flood", drained, sender, capacity, half);
    }

    private void drain(Probes probes) {
        List<Position> positions = probes.decide(DRAINED_MAX);
        require(positions != null, "not every shard decides");
        if (positions != null) {
            require(
                    probes.showsBalances(stack.addresses(Role.BALANCES), positions, DRAINED_MAX)
                            && probes.showsHistory(stack.addresses(Role.HISTORY), positions, DRAINED_MAX),
                    "the projections did not catch up");
        }
    }

    private void again(String what, Duration since, BatchSender sender, double capacity, OverloadStep half)
            throws InterruptedException {
        OverloadStep again = half("half, after " + what, sender, capacity, () -> {});
        int seconds = again.fastAfter(bound(half));
        require(seconds <= NORMAL_SECONDS_MAX, "not as fast as before within " + seconds + " s after " + what);
        after.put("Everything was as fast as before " + what, since.plusSeconds(seconds));
    }

    /** What is refused or put off is not slow, so latencies alone do not tell. */
    private void requireDecided(OverloadStep step) {
        require(step.counts().areAllDecided(), "not all were decided: " + step.name() + ": " + step.counts());
    }

    private static Duration bound(OverloadStep half) {
        return half.p99().multipliedBy(NORMAL_FACTOR).plus(NORMAL_MORE);
    }

    private OverloadStep half(String name, BatchSender sender, double capacity, Runnable meanwhile)
            throws InterruptedException {
        OverloadStep step = step(name, sender, HALF * capacity / BatchSender.SIZE, OPEN_IN_FLIGHT_MAX, meanwhile);
        requireDecided(step);
        require(
                step.counts().offered()
                        >= OFFERED_MIN * HALF * capacity * settings.step().toSeconds(),
                "too few were sent: " + name);
        return step;
    }

    private OverloadStep step(String name, BatchSender sender, double rate, int inFlightMax, Runnable meanwhile)
            throws InterruptedException {
        listener.accept(name);
        BatchSender.Counts before = sender.counts();
        long startNanos = System.nanoTime();
        List<Histogram> seconds = load(sender, rate, inFlightMax, settings.step(), meanwhile);
        Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
        OverloadStep step =
                new OverloadStep(name, rate < AT_ONCE, took, sender.counts().minus(before), seconds);
        LOG.info("{}: {} in {}, p99 {}", name, step.counts(), took, step.p99());
        steps.add(step);
        return step;
    }

    /** Posts batches for whole seconds, and waits for the answers; the latencies of each second. */
    private static List<Histogram> load(
            BatchSender sender, double rate, int inFlightMax, Duration time, Runnable meanwhile)
            throws InterruptedException {
        SteadyLoad load = new SteadyLoad(sender::post, rate, inFlightMax);
        Thread sending = Thread.ofPlatform().daemon().name("overload-load").start(load);
        List<Histogram> seconds = new ArrayList<>();
        try {
            meanwhile.run();
            for (long second = 0; second < time.toSeconds(); second++) {
                Thread.sleep(LOOK);
                seconds.add(load.takeLatencies());
            }
        } finally {
            load.stop();
        }
        sending.join();
        seconds.set(seconds.size() - 1, sum(seconds.getLast(), load.takeLatencies()));
        return seconds;
    }

    private static Histogram sum(Histogram first, Histogram second) {
        Histogram sum = first.copy();
        sum.add(second);
        return sum;
    }

    private void watch(AtomicBoolean done) {
        ProcessWatch watch = new ProcessWatch(stack, null, violations);
        while (!done.get()) {
            watch.look((node, usage, figures) -> resident.merge(
                    node.name(),
                    new Resident(peaceful.get() ? usage.residentBytes() : 0, usage.residentBytes()),
                    Resident::max));
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void checkMemory() {
        for (Node node : stack.nodes()) {
            Role role = node.victim().role();
            Resident taken = resident.getOrDefault(node.name(), new Resident(0, 0));
            long heap = (long) stack.shape().heapMegabytes(role) << 20;
            boolean isJvm = role.isService() || role == Role.BROKER;
            long max = isJvm ? heap + BESIDES_HEAP_MAX : taken.before() + STORE_MORE_MAX;
            require(
                    taken.before() > 0 && taken.ever() <= max,
                    node.name() + " had " + (taken.ever() >> 20) + " MiB in use, of " + (max >> 20)
                            + " that it may have");
        }
    }

    private String times() {
        return settings.times() == Math.rint(settings.times())
                ? Math.round(settings.times()) + " times"
                : settings.times() + " times";
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            violations.add(otherwise);
        }
    }

    /** Stops everything, and deletes it unless there is something to look into. */
    @Override
    public void close() {
        bench.close();
    }
}
