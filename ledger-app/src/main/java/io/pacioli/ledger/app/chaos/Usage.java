package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What processes take from the machine, as Linux tells it.
 *
 * @param residentBytes memory that they have in use, with what several share counted once
 * @param threads their threads
 * @param files what they have open: files, sockets, pipes
 */
record Usage(long residentBytes, long threads, long files) {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String SHARE = "Pss:";
    private static final int KIBI = 1_024;

    /** @throws CommandFailure on a machine that does not tell */
    static void require() {
        if (!Files.exists(PROCESSES.resolve("self").resolve("smaps_rollup"))) {
            throw new CommandFailure("needs Linux: what processes take is read from /proc");
        }
    }

    /** What these take now, all together; one that has ended takes nothing. */
    static Usage of(List<Long> processes) {
        return processes.stream()
                .map(Usage::of)
                .reduce(
                        new Usage(0, 0, 0),
                        (a, b) ->
                                new Usage(a.residentBytes + b.residentBytes, a.threads + b.threads, a.files + b.files));
    }

    private static Usage of(long process) {
        Path own = PROCESSES.resolve(Long.toString(process));
        return new Usage(resident(own), children(own.resolve("task")), children(own.resolve("fd")));
    }

    private static long resident(Path process) {
        try (Stream<String> lines = Files.lines(process.resolve("smaps_rollup"))) {
            return lines.filter(line -> line.startsWith(SHARE))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBI)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }

    private static long children(Path directory) {
        String[] names = directory.toFile().list();
        return names == null ? 0 : names.length;
    }

    /** The bytes of all files under a directory; those that are just being deleted may count or not. */
    static long diskBytes(Path directory) {
        File[] files = directory.toFile().listFiles();
        if (files == null) {
            return directory.toFile().length();
        }
        long bytes = 0;
        for (File file : files) {
            bytes += file.isDirectory() ? diskBytes(file.toPath()) : file.length();
        }
        return bytes;
    }
}
