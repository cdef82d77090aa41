package io.pacioli.ledger.embedded;

import com.sun.management.OperatingSystemMXBean;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What this machine is, and which small programs it has. */
final class Platform {
    private static final long PROBE_SECONDS_MAX = 10;

    private Platform() {}

    /** The operating system as the binaries' names spell it: {@code linux} or {@code darwin}. */
    static String os() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (name.contains("linux")) {
            return "linux";
        }
        if (name.contains("mac")) {
            return "darwin";
        }
        throw new EmbeddedStartException("embedded servers run on Linux and macOS only, not on " + name);
    }

    /** Whether the processor is a 64-bit ARM; otherwise it is taken for x86-64. */
    static boolean arm() {
        String architecture = System.getProperty("os.arch", "");
        return architecture.equals("aarch64") || architecture.equals("arm64");
    }

    /** Whether this JVM runs as root. */
    static boolean root() {
        return run(List.of("id", "-u")).map(String::strip).orElse("").equals("0");
    }

    /** How much memory the machine has, or this container may use. */
    static long memoryMegabytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() >> 20;
    }

    /** The file of a program on the PATH. */
    static Optional<Path> program(String name) {
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator, -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** The output of a command that ends soon and well; empty when it does not. */
    static Optional<String> run(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PROBE_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            return process.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
