package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.chaos.Fault.Victim;
import io.pacioli.ledger.embedded.EmbeddedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A process of the system, which is started again and again in the same place. Thread safe. */
final class Node implements AutoCloseable {
    private static final Duration DEAD_WITHIN = Duration.ofSeconds(20);

    /** Arguments: seconds, process ids. */
    private static final String PAUSE = "kill -STOP $@; sleep $0; kill -CONT $@";

    /** Arguments: seconds, process id, and what nobody needs. It and the children that it has at the time run in one of ten moments. */
    private static final String SLOW = "end=$(($(date +%s) + $0)); while [ $(date +%s) -lt $end ]; do"
            + " all=\"$1 $(pgrep -P $1)\"; kill -STOP $all; sleep 0.09; kill -CONT $all; sleep 0.01; done";

    private static final int STATE_AFTER_NAME = 2;

    private final Victim victim;
    private final Supplier<EmbeddedServer> starter;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile @Nullable EmbeddedServer server;
    private int starts;

    /** @param starter starts the process, and keeps its data and ports from one time to the next */
    Node(Victim victim, Supplier<EmbeddedServer> starter) {
        this.victim = victim;
        this.starter = starter;
    }

    Victim victim() {
        return victim;
    }

    String name() {
        return victim.name();
    }

    /** Whether nobody has done something to it already; who took it gives it back. */
    boolean take() {
        return taken.compareAndSet(false, true);
    }

    void giveBack() {
        taken.set(false);
    }

    boolean isTaken() {
        return taken.get();
    }

    /** Starts it, unless it runs. */
    synchronized void start() {
        if (!isAlive()) {
            close();
            server = starter.get();
            starts++;
        }
    }

    boolean isAlive() {
        EmbeddedServer running = server;
        return running != null && running.alive();
    }

    /** {@code kill -9}. */
    synchronized void kill() {
        EmbeddedServer running = running();
        ProcessHandle process = running.process();
        process.destroyForcibly();
        awaitEnd(process);
        close();
    }

    /** Sends a signal that ends it, and waits until it has. */
    synchronized void end(String signal) {
        ProcessHandle process = running().process();
        Shell.run("kill -" + signal + " " + process.pid());
        awaitEnd(process);
        close();
    }

    /** {@code SIGTERM}, and what is done to those who do not listen. */
    synchronized void stop() {
        close();
    }

    /**
     * {@code SIGSTOP} now and {@code SIGCONT} later, to it and its children, by a process that does so even when this one is gone meanwhile.
     *
     * @throws UncheckedIOException when it cannot be run
     */
    void pause(Duration outage) {
        signal(PAUSE, Double.toString(outage.toMillis() / 1e3));
    }

    /** Makes it and its children stand still nine tenths of the time, in the same way, for whole seconds. */
    void slow(Duration time) {
        signal(SLOW, Long.toString(time.toSeconds()));
    }

    private void signal(String script, String seconds) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", script, seconds));
        processes().forEach(process -> command.add(Long.toString(process)));
        try {
            new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it has been stopped by a signal, and so have its children. */
    boolean isStopped() {
        List<Long> all = processes();
        return !all.isEmpty() && all.stream().allMatch(Node::isStopped);
    }

    private static boolean isStopped(long process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + STATE_AFTER_NAME) == 'T';
        } catch (IOException e) {
            return false;
        }
    }

    /** The process and its children, itself first; none when it does not run. */
    List<Long> processes() {
        EmbeddedServer running = server;
        if (running == null || !running.alive()) {
            return List.of();
        }
        ProcessHandle process = running.process();
        return Stream.concat(Stream.of(process), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
    }

    private EmbeddedServer running() {
        EmbeddedServer running = server;
        if (running == null) {
            throw new IllegalStateException(name() + " does not run");
        }
        return running;
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(DEAD_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("process " + process.pid() + " does not end", e);
        }
    }

    /** Stops it, when it runs; its data stay, and its log under a name of its own. */
    @Override
    public synchronized void close() {
        EmbeddedServer running = server;
        server = null;
        if (running != null) {
            Path log = running.log();
            running.close();
            keep(log);
        }
    }

    private void keep(Path log) {
        try {
            if (Files.exists(log)) {
                Files.move(log, log.resolveSibling("server-" + starts + ".log"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
