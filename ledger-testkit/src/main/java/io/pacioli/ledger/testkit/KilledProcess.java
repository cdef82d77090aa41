package io.pacioli.ledger.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A Java process that is killed, without a chance to clean up, where it says that it stands. */
public final class KilledProcess {
    private static final String HERE = "stands where it is to be killed";

    private KilledProcess() {}

    /**
     * Runs a class of the same class path, and kills it where it calls {@link #stand}.
     *
     * @throws IllegalStateException when it ends before that, with what it has said
     */
    public static void run(Class<?> main, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        StringBuilder said = new StringBuilder();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); !HERE.equals(line); line = out.readLine()) {
                if (line == null) {
                    throw new IllegalStateException("ended before it was to be killed: " + said);
                }
                said.append(line).append('\n');
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    /** Called by the process: it goes no further. */
    public static void stand() {
        System.out.println(HERE);
        while (true) {
            LockSupport.park();
        }
    }
}
