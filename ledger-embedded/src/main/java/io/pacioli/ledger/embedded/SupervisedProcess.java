package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A child process in a session of its own (a Ctrl-C in the terminal does not reach it) that ends with this JVM. Its standard
 * input is a pipe whose other end only this JVM holds: the kernel closes it when the JVM dies, even by {@code kill -9}, and
 * the end of input is the order to stop. A server that does not read its input is run by a small shell script that does.
 */
final class SupervisedProcess implements AutoCloseable {
    /**
     * Arguments: process id file, signal that stops the server, tenths of a second until it is killed, command. The watcher is a
     * process of its own, so that the server still stops when this shell alone is killed.
     */
    private static final String SUPERVISOR = """
            pid_file=$1; signal=$2; tenths=$3; shift 3
            exec 3<&0 </dev/null
            "$@" 3<&- &
            server=$!
            echo "$$ $server" >"$pid_file"
            (
              while read -r _ <&3; do :; done
              kill "-$signal" "$server" 2>/dev/null
              n=0
              while [ "$n" -lt "$tenths" ] && kill -0 "$server" 2>/dev/null; do sleep 0.1; n=$((n + 1)); done
              kill -KILL "$server" 2>/dev/null
            ) &
            watcher=$!
            wait "$server"; code=$?
            kill "$watcher" 2>/dev/null
            exit "$code"
            """;

    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final Duration STOP_SLACK = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final long LOG_TAIL_BYTES_MAX = 64 * 1024L;

    private final Spec spec;
    private final Process process;

    private SupervisedProcess(Spec spec, Process process) {
        this.spec = spec;
        this.process = process;
    }

    /**
     * What to run.
     *
     * @param name the server's name in messages
     * @param command the program and its arguments
     * @param environment variables added to those of this JVM
     * @param directory the directory of the server: its {@code pid} and {@code server.log} go there
     * @param stopSignal the signal that stops the server in order, such as {@code TERM}; null for a server that watches its own
     *     input and writes its own process id file
     */
    record Spec(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            @Nullable String stopSignal) {
        Path log() {
            return directory.resolve("server.log");
        }

        Path pidFile() {
            return directory.resolve("pid");
        }

        /** Whether the supervising shell has started the server. */
        boolean isRunning() {
            return pidFile().toFile().length() > 0;
        }
    }

    /**
     * Starts it, after the processes of an earlier run in the same directory have ended.
     *
     * @throws EmbeddedStartException when the program cannot be run
     */
    static SupervisedProcess start(Spec spec) {
        PidFile.awaitGone(spec.pidFile());
        try {
            keepLastLog(spec.log());
            ProcessBuilder builder = new ProcessBuilder(wholeCommand(spec))
                    .directory(spec.directory().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(spec.log().toFile()));
            builder.environment().putAll(spec.environment());
            return new SupervisedProcess(spec, builder.start());
        } catch (IOException e) {
            throw new EmbeddedStartException(spec.name() + " could not be run: " + e.getMessage(), e);
        }
    }

    private static List<String> wholeCommand(Spec spec) {
        List<String> whole = new ArrayList<>(ownSession());
        String signal = spec.stopSignal();
        if (signal != null) {
            whole.addAll(List.of("/bin/sh", "-c", SUPERVISOR, "ledger-supervisor"));
            whole.addAll(List.of(spec.pidFile().toString(), signal, Long.toString(STOP_WITHIN.toMillis() / 100)));
        }
        whole.addAll(spec.command());
        return whole;
    }

    /** Without either program (neither is part of POSIX) the child shares our session, and a Ctrl-C stops it out of order. */
    private static List<String> ownSession() {
        return Platform.program("setsid")
                .map(setsid -> List.of(setsid.toString()))
                .or(() -> Platform.program("perl")
                        .map(perl -> List.of(
                                perl.toString(),
                                "-e",
                                "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV or exit 127")))
                .orElse(List.of());
    }

    private static void keepLastLog(Path log) throws IOException {
        if (Files.exists(log)) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Waits until the server takes clients.
     *
     * @throws EmbeddedStartException when it ends or the bound passes first; it is stopped then
     */
    void awaitReady(BooleanSupplier ready, Duration bound) {
        long deadlineNanos = System.nanoTime() + bound.toNanos();
        boolean started = false;
        try {
            while (!ready.getAsBoolean()) {
                if (!process.isAlive()) {
                    throw new EmbeddedStartException(
                            spec.name() + " did not start: " + lastWords() + " (log: " + spec.log() + ")");
                }
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new EmbeddedStartException(spec.name() + " did not start within " + bound.toSeconds() + " s: "
                            + lastWords() + " (log: " + spec.log() + ")");
                }
                Thread.sleep(POLL);
            }
            started = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedStartException("interrupted while " + spec.name() + " was starting", e);
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /** The line of the log that most likely says what went wrong. */
    private String lastWords() {
        try (Stream<String> lines = tail().lines().map(String::strip).filter(line -> !line.isEmpty())) {
            List<String> all = lines.toList();
            return all.reversed().stream()
                    .filter(line ->
                            line.contains("FATAL") || line.contains("ERROR") || line.contains("could not start"))
                    .findFirst()
                    .or(() -> all.isEmpty() ? Optional.empty() : Optional.of(all.getLast()))
                    .orElse("it said nothing");
        }
    }

    private String tail() {
        try (var channel = Files.newByteChannel(spec.log())) {
            long from = Math.max(0, channel.size() - LOG_TAIL_BYTES_MAX);
            channel.position(from);
            byte[] bytes = Channels.newInputStream(channel).readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** The server itself, not what supervises it. */
    ProcessHandle server() {
        return PidFile.server(spec.pidFile());
    }

    boolean alive() {
        return process.isAlive();
    }

    CompletableFuture<Void> onExit() {
        return process.onExit().thenAccept(ended -> {});
    }

    /** Orders the server to stop, waits for it, and kills it and its children when the bound passes or the wait is interrupted. */
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The process has ended and its end of the pipe with it.
        }
        try {
            process.waitFor(STOP_WITHIN.plus(STOP_SLACK).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        try {
            process.waitFor(STOP_SLACK.toMillis(), TimeUnit.MILLISECONDS);
            if (!process.isAlive()) {
                Files.deleteIfExists(spec.pidFile());
            }
        } catch (IOException e) {
            // The next start reads the file, finds nobody alive, and goes on.
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
