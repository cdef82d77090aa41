package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The process ids of a server's last run, separated by spaces. When the JVM that started it was killed, the server may still
 * be busy stopping: two on one data directory would ruin it, so the next start waits here first.
 */
final class PidFile {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(20);
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);

    /** How much later than its own entry a process may seem to have started, for clocks are coarse. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

    private PidFile() {}

    /**
     * Waits until the processes named in the file are gone, kills them when they take too long, and deletes the file.
     *
     * @throws EmbeddedStartException when one cannot be killed
     */
    static void awaitGone(Path file) {
        try {
            Instant written = Files.getLastModifiedTime(file).toInstant();
            for (ProcessHandle process : processes(Files.readString(file), written)) {
                if (!endsWithin(process, STOPS_WITHIN)) {
                    process.destroyForcibly();
                    if (!endsWithin(process, KILLED_WITHIN)) {
                        throw new EmbeddedStartException("process " + process.pid()
                                + " of an earlier run does not end: its directory is " + file.getParent());
                    }
                }
            }
            Files.deleteIfExists(file);
        } catch (NoSuchFileException e) {
            // No earlier run, or one that stopped in order.
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot read " + file + ": " + e, e);
        }
    }

    /**
     * The last process named in the file, which is the server itself.
     *
     * @throws EmbeddedStartException when it has ended
     */
    static ProcessHandle server(Path file) {
        try {
            String pids = Files.readString(file).strip();
            String last = pids.substring(pids.lastIndexOf(' ') + 1);
            return processes(last, Files.getLastModifiedTime(file).toInstant()).getFirst();
        } catch (IOException | NoSuchElementException e) {
            throw new EmbeddedStartException("no server runs in " + file.getParent(), e);
        }
    }

    private static List<ProcessHandle> processes(String pids, Instant written) {
        return Arrays.stream(pids.strip().split("\\s+", -1))
                .filter(pid -> pid.matches("[0-9]{1,18}"))
                .map(pid -> ProcessHandle.of(Long.parseLong(pid)))
                .flatMap(Optional::stream)
                .filter(process -> !reused(process, written))
                .toList();
    }

    private static boolean reused(ProcessHandle process, Instant written) {
        return process.info()
                .startInstant()
                .map(started -> started.isAfter(written.plus(CLOCK_TOLERANCE)))
                .orElse(false);
    }

    private static boolean endsWithin(ProcessHandle process, Duration bound) {
        try {
            process.onExit().get(bound.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedStartException("interrupted while waiting for process " + process.pid(), e);
        }
    }
}
