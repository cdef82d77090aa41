package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.core.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the faults happen when they are due, puts them right again, and measures how long the system takes to recover. */
final class FaultRunner {
    private static final Logger LOG = LoggerFactory.getLogger(FaultRunner.class);

    /** How long a fault waits for what an earlier one has taken. */
    private static final Duration TURN_MAX = Duration.ofSeconds(90);

    /** How long a fault may take to be recovered from. */
    static final Duration RECOVERY_MAX = Duration.ofMinutes(3);

    private static final int STARTS_MAX = 3;

    private final ChaosStack stack;
    private final Probes probes;
    private final Violations violations;
    private final Consumer<Survived> told;
    private final Semaphore brokers = new Semaphore(1);
    private final AtomicInteger underway = new AtomicInteger();
    private volatile long calmNanos = System.nanoTime();
    private final List<Survived> survived = new ArrayList<>();
    private volatile boolean stopped;

    /** @param told hears of each fault when it is over */
    FaultRunner(ChaosStack stack, Probes probes, Violations violations, Consumer<Survived> told) {
        this.stack = stack;
        this.probes = probes;
        this.violations = violations;
        this.told = told;
    }

    /** Whether no fault is being survived now, and none was since a moment, by {@link System#nanoTime()}. */
    boolean isQuietSince(long nanos) {
        return underway.get() == 0 && nanos - calmNanos > 0;
    }

    /** No more faults. */
    void stop() {
        stopped = true;
    }

    /** Runs them all; returns when the last one is over. */
    List<Survived> run(List<Fault> faults) throws InterruptedException {
        long startNanos = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Fault fault : faults) {
                TimeUnit.NANOSECONDS.sleep(startNanos + fault.due().toNanos() - System.nanoTime());
                if (stopped) {
                    break;
                }
                threads.execute(() -> note(survived(fault, startNanos)));
            }
        }
        synchronized (survived) {
            return survived.stream().sorted(Comparator.comparing(Survived::at)).toList();
        }
    }

    private void note(Survived one) {
        synchronized (survived) {
            survived.add(one);
        }
        told.accept(one);
    }

    /** A fault that could not be put right again has not been survived. */
    private Survived survived(Fault fault, long startNanos) {
        try {
            return survive(fault, startNanos);
        } catch (RuntimeException e) {
            LOG.warn("{} could not be put right", fault.what(), e);
            return new Survived(fault, since(startNanos), null, null, null, null, "");
        }
    }

    private Survived survive(Fault fault, long startNanos) {
        List<Node> nodes = fault.victims().stream().map(stack::node).toList();
        boolean hasBrokers = false;
        List<Node> taken = new ArrayList<>();
        underway.incrementAndGet();
        try {
            hasBrokers = !fault.concernsBroker() || brokers.tryAcquire(TURN_MAX.toMillis(), TimeUnit.MILLISECONDS);
            for (Node node : nodes) {
                if (hasBrokers && ChaosStack.await(TURN_MAX, node::take)) {
                    taken.add(node);
                }
            }
            if (!hasBrokers || taken.size() < nodes.size()) {
                return skipped(fault, startNanos, "an earlier fault was not over yet");
            }
            if (fault.concernsBroker() && !ChaosStack.await(TURN_MAX, stack::isReplicated)) {
                return skipped(fault, startNanos, "replicas were not in sync");
            }
            return survive(fault, nodes, startNanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return skipped(fault, startNanos, "interrupted");
        } finally {
            taken.forEach(Node::giveBack);
            if (hasBrokers && fault.concernsBroker()) {
                brokers.release();
            }
            calmNanos = System.nanoTime();
            underway.decrementAndGet();
        }
    }

    private static Survived skipped(Fault fault, long startNanos, String why) {
        return new Survived(fault, since(startNanos), null, null, null, null, why);
    }

    private Survived survive(Fault fault, List<Node> nodes, long startNanos) throws InterruptedException {
        Duration at = since(startNanos);
        nodes.forEach(node -> requireAlive(node, "before " + fault.what(), violations));
        long blowNanos = System.nanoTime();
        try {
            strike(fault, nodes);
        } catch (RuntimeException e) {
            LOG.warn("Could not {}", fault.what(), e);
            heal(fault, nodes);
            return skipped(fault, startNanos, "could not be done: " + e.getMessage());
        }
        CompletableFuture<Measured> measured =
                CompletableFuture.supplyAsync(() -> measure(blowNanos), Thread::startVirtualThread);
        TimeUnit.NANOSECONDS.sleep(fault.outage().toNanos());
        heal(fault, nodes);
        boolean whole = ChaosStack.await(
                RECOVERY_MAX,
                () -> nodes.stream().allMatch(stack::isReady) && (!fault.concernsBroker() || stack.isReplicated()));
        Duration wholeAfter = whole ? since(blowNanos) : null;
        Measured times = measured.join();
        return new Survived(fault, at, times.decided, times.balances, times.history, wholeAfter, "");
    }

    private record Measured(
            @Nullable Duration decided,
            @Nullable Duration balances,
            @Nullable Duration history) {}

    private Measured measure(long blowNanos) {
        List<Position> positions = probes.decide(RECOVERY_MAX);
        if (positions == null) {
            return new Measured(null, null, null);
        }
        Duration decided = since(blowNanos);
        CompletableFuture<@Nullable Duration> balances = CompletableFuture.supplyAsync(
                () -> probes.showsBalances(stack.addresses(Role.BALANCES), positions, RECOVERY_MAX)
                        ? since(blowNanos)
                        : null,
                Thread::startVirtualThread);
        Duration history =
                probes.showsHistory(stack.addresses(Role.HISTORY), positions, RECOVERY_MAX) ? since(blowNanos) : null;
        return new Measured(decided, balances.join(), history);
    }

    private void strike(Fault fault, List<Node> nodes) {
        Node first = nodes.getFirst();
        switch (fault.kind()) {
            case KILL -> first.kill();
            case KILL_PAIR -> nodes.forEach(Node::kill);
            case PAUSE -> first.pause(fault.outage());
            case RESTART -> first.stop();
            case WIPE -> {
                stack.flushRedis();
                first.kill();
                stack.wipeRedis();
            }
            case CRASH -> stack.amidBatch(() -> first.end("QUIT"));
            case FILL_DISK -> stack.disk().fill();
            case CUT_OFF -> stack.network().cut(first.victim());
        }
    }

    private void heal(Fault fault, List<Node> nodes) {
        switch (fault.kind()) {
            case PAUSE -> {}
            case FILL_DISK -> stack.disk().free();
            case CUT_OFF -> stack.network().join(nodes.getFirst().victim());
            case KILL, KILL_PAIR, RESTART, WIPE, CRASH -> {}
        }
        startAgain(fault, nodes, violations);
    }

    /**
     * A process that ended because of the fault is started again, as whatever watches over it in production would do. So is one that ended
     * although the fault ends none, which is a fault of its own.
     */
    static void startAgain(Fault fault, List<Node> nodes, Violations violations) {
        for (Node node : nodes) {
            if (!fault.kind().endsVictims()) {
                requireAlive(node, "during " + fault.what(), violations);
            }
            startAgain(node);
        }
    }

    private static void requireAlive(Node node, String when, Violations violations) {
        if (!node.isAlive()) {
            violations.add(node.name() + " ended by itself " + when);
        }
    }

    private static void startAgain(Node node) {
        for (int starts = 1; ; starts++) {
            try {
                node.start();
                return;
            } catch (RuntimeException e) {
                LOG.warn("{} does not start", node.name(), e);
                if (starts == STARTS_MAX) {
                    return;
                }
            }
        }
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }
}
