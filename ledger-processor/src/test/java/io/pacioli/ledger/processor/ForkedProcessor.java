package io.pacioli.ledger.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A processor in a JVM of its own, to be killed. */
final class ForkedProcessor implements AutoCloseable {
    private final Process process;

    private ForkedProcessor(Process process) {
        this.process = process;
    }

    static ForkedProcessor start(LiveLedger ledger, Path stateDirectory) {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dlogback.configurationFile=" + System.getProperty("logback.configurationFile", ""),
                "-cp",
                System.getProperty("java.class.path"),
                ForkedProcessor.class.getName(),
                ledger.kafka.get("bootstrap.servers"),
                ledger.prefix(),
                Integer.toString(ledger.shards),
                stateDirectory.toString());
        try {
            return new ForkedProcessor(new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean alive() {
        return process.isAlive();
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError("cannot be killed: " + process.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** Runs until it is killed, or its parent is gone, which closes the standard input. */
    public static void main(String[] arguments) throws IOException {
        LiveLedger ledger = LiveLedger.of(arguments[0], arguments[1], Integer.parseInt(arguments[2]));
        try (RunningProcessor processor = RunningProcessor.starting(ledger.settings(Path.of(arguments[3])))) {
            int read = 0;
            while (read >= 0 && !processor.service.stopped().isDone()) {
                read = System.in.read();
            }
        }
    }
}
