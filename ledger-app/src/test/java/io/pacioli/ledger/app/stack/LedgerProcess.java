package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.app.Ledger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The command line in a process of its own. */
public final class LedgerProcess implements AutoCloseable {
    private static final Duration READY_MAX = Duration.ofMinutes(3);
    private static final Duration GONE_MAX = Duration.ofSeconds(30);
    private static final Pattern HTTP = Pattern.compile("(?:HTTP +|listens at )(http://[0-9.:]+)");
    private static final Pattern KAFKA = Pattern.compile("Kafka +127\\.0\\.0\\.1:([0-9]+)");

    private final Process process;
    private final Path out;

    private LedgerProcess(Process process, Path out) {
        this.process = process;
        this.out = out;
    }

    /** {@code ledger up} on free ports. */
    static LedgerProcess up(Path scratch, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("up", "--http-port=0", "--kafka-port=0", "--postgres-port=0", "--redis-port=0"));
        all.addAll(List.of(arguments));
        return start(scratch, Map.of(), all);
    }

    public static LedgerProcess start(Path scratch, Map<String, String> environment, List<String> arguments)
            throws IOException {
        Path out = Files.createTempFile(scratch, arguments.getFirst(), ".out");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                Ledger.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().putAll(environment);
        return new LedgerProcess(builder.start(), out);
    }

    /** Waits until it says something. */
    public LedgerProcess awaitOutput(String text) throws IOException, InterruptedException {
        long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
        while (!output().contains(text)) {
            assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).as(output()).isFalse();
            assertThat(System.nanoTime()).as(output()).isLessThan(deadlineNanos);
        }
        return this;
    }

    /** Waits until {@code ledger up} has said where everything listens. */
    LedgerProcess awaitReady() throws IOException, InterruptedException {
        return awaitOutput("Ctrl-C stops it");
    }

    public String output() throws IOException {
        return Files.readString(out);
    }

    public String url() throws IOException {
        return found(HTTP);
    }

    int kafkaPort() throws IOException {
        return Integer.parseInt(found(KAFKA));
    }

    private String found(Pattern pattern) throws IOException {
        Matcher matcher = pattern.matcher(output());
        assertThat(matcher.find()).as(output()).isTrue();
        return matcher.group(1);
    }

    /** What the process answers to when it ends by itself. */
    public int awaitExit() throws InterruptedException, IOException {
        assertThat(process.waitFor(READY_MAX.toSeconds(), TimeUnit.SECONDS))
                .as(output())
                .isTrue();
        return process.exitValue();
    }

    /** SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** Returns when it and all that it has started are gone: the directory is deleted next, where none of them may write any more. */
    @Override
    public void close() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture<?>[] gone = all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(gone)
                .orTimeout(GONE_MAX.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
