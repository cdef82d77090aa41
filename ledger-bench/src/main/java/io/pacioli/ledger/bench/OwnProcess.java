package io.pacioli.ledger.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a class of this program in a process of its own, so that neither its pauses nor its heap are another's. */
final class OwnProcess {
    /** The property that names the configuration of the log, which it has in common with us. */
    private static final String LOG = "logback.configurationFile";

    private OwnProcess() {}

    /** What it writes to standard error is shown with ours. */
    static Process start(Class<?> main, List<String> options, String... arguments) throws IOException {
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
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }
}
