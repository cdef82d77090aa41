package io.pacioli.ledger.bench.compare;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Where it was measured.
 *
 * @param cpu the model
 * @param cores those that this process may use
 * @param memoryMegabytes of the machine, or of the container
 * @param fileSystem the kind that the servers' data are on
 * @param revision of the sources; {@code unknown} when this is not run from a working tree
 */
record Machine(
        String cpu, int cores, long memoryMegabytes, String kernel, String fileSystem, String jvm, String revision) {
    private static final Path CPUS = Path.of("/proc/cpuinfo");
    private static final String CPU_MODEL = "model name";
    private static final String UNKNOWN = "unknown";
    private static final int GIT_SECONDS_MAX = 5;

    /** This one. */
    static Machine here() {
        return new Machine(
                cpuModel(),
                Runtime.getRuntime().availableProcessors(),
                totalMegabytes(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                temporaryFileSystem(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                gitRevision());
    }

    private static String cpuModel() {
        try (Stream<String> lines = Files.lines(CPUS)) {
            return lines.filter(line -> line.startsWith(CPU_MODEL))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static long totalMegabytes() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() >> 20
                : 0;
    }

    private static String temporaryFileSystem() {
        try {
            return Files.getFileStore(Path.of(System.getProperty("java.io.tmpdir")))
                    .type();
        } catch (IOException e) {
            return UNKNOWN;
        }
    }

    /** Of the working tree that the classes were built in. */
    private static String gitRevision() {
        try {
            String firstOfClassPath = System.getProperty("java.class.path").split(File.pathSeparator, 2)[0];
            Path directory = Objects.requireNonNull(
                    Path.of(firstOfClassPath).toAbsolutePath().getParent());
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!git.waitFor(GIT_SECONDS_MAX, TimeUnit.SECONDS)) {
                git.destroyForcibly();
                return UNKNOWN;
            }
            String revision = git.inputReader().readLine();
            return revision == null ? UNKNOWN : revision;
        } catch (IOException e) {
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }
}
