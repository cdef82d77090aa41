package io.pacioli.ledger.embedded;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A service of this project in a JVM of its own, made from this JVM's Java home and class path. SIGTERM stops it; whether it is ready to
 * serve is for the one who starts it to ask.
 */
public final class EmbeddedService implements EmbeddedServer {
    private final String name;
    private final DataDirectory directory;
    private final SupervisedProcess process;
    private final Path log;
    private final int port;

    private EmbeddedService(String name, DataDirectory directory, SupervisedProcess process, Path log, int port) {
        this.name = name;
        this.directory = directory;
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /**
     * What to run.
     *
     * @param name its name in messages
     * @param mainClass the class to start
     * @param arguments what its command line says
     * @param environment variables added to those of this JVM
     */
    public record Program(String name, String mainClass, List<String> arguments, Map<String, String> environment) {
        /** Copies the collections. */
        public Program {
            arguments = List.copyOf(arguments);
            environment = Map.copyOf(environment);
        }
    }

    /**
     * Starts it, and waits only until it is there.
     *
     * @param config its directory, and the port that its arguments name
     * @throws EmbeddedStartException when the directory is in use or the program cannot be run
     */
    public static EmbeddedService start(ServerConfig config, Program program) {
        DataDirectory directory = DataDirectory.of(config, "service");
        return Attempts.start(directory, config.port(), () -> startIn(directory, config, program));
    }

    private static EmbeddedService startIn(DataDirectory directory, ServerConfig config, Program program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + config.heapMegabytes() + "m");
        command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true"));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(config.jvmOptions());
        command.add(program.mainClass());
        command.addAll(program.arguments());
        Map<String, String> environment = new HashMap<>(program.environment());
        environment.put("CLASSPATH", System.getProperty("java.class.path"));
        SupervisedProcess.Spec spec = new SupervisedProcess.Spec(
                program.name(), config.place().command(command), environment, directory.path(), "TERM");
        SupervisedProcess process = SupervisedProcess.start(spec);
        process.awaitReady(spec::isRunning, config.startTimeout());
        return new EmbeddedService(program.name(), directory, process, spec.log(), config.port());
    }

    /** Its name in messages. */
    public String name() {
        return name;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path directory() {
        return directory.path();
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public ProcessHandle process() {
        return process.server();
    }

    @Override
    public boolean alive() {
        return process.alive();
    }

    @Override
    public CompletableFuture<Void> onExit() {
        return process.onExit();
    }

    @Override
    public void close() {
        process.close();
        directory.close();
    }
}
