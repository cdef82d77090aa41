package io.pacioli.ledger.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Starts a class of this program in a process of its own, so that neither its pauses nor its heap are another's. */
final class OwnProcess {
    /** The property that names the configuration of the log, which it has in common with us. */
    private static final String LOG = "logback.configurationFile";

    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    /** The options of a service, as {@code ./ledger} gives them. */
    private static final List<String> SERVICE =
            List.of("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=50", "-XX:+UseCompactObjectHeaders");

    private OwnProcess() {}

    /** Starts a service that runs until {@link #end}. */
    static Process service(Class<?> main, Map<String, String> environment, String... arguments) throws IOException {
        return start(main, SERVICE, environment, arguments);
    }

    /** Ends a service, which stops when its input ends. */
    static void end(Process service) {
        try {
            service.getOutputStream().close();
            service.onExit().orTimeout(STOP_MAX.toSeconds(), TimeUnit.SECONDS).join();
        } catch (IOException | CompletionException e) {
            service.destroyForcibly();
        }
    }

    /** What it writes to standard error is shown with ours. */
    static Process start(Class<?> main, List<String> options, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        String log = System.getProperty(LOG);
        if (log != null) {
            command.add("-D" + LOG + "=" + log);
        }
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        // The environment carries the class path: it may be longer than a command line allows.
        builder.environment().putAll(environment);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
