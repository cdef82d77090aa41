package io.pacioli.ledger.bench.compare;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What this process and all that it has started have used, by {@code /proc}: the servers of the system that runs, its services, and the
 * load generator. What a process that has ended wrote is lost; its time is not.
 *
 * @param cpuSeconds user and system time; NaN where there is no {@code /proc}
 * @param writtenBytes what they made the kernel write to disks, counted when a page becomes dirty; NaN where that may not be read
 */
record Usage(double cpuSeconds, double writtenBytes) {
    private static final Path PROC = Path.of("/proc");
    private static final boolean IS_THERE = Files.isReadable(PROC.resolve("self/stat"));

    /** Linux tells times in hundredths of a second, whatever its own clock. */
    private static final double TICKS_PER_SECOND = 100;

    /** The place of {@code utime} among the fields after the name; {@code stime}, {@code cutime} and {@code cstime} follow. */
    private static final int USER_TIME = 11;

    private static final int TIMES = 4;
    private static final String WRITTEN = "write_bytes: ";

    /** What they have used until now. */
    static Usage now() {
        ProcessHandle own = ProcessHandle.current();
        List<Long> tree = Stream.concat(Stream.of(own), own.descendants())
                .map(ProcessHandle::pid)
                .toList();
        return IS_THERE
                ? new Usage(sum(tree, "stat", Usage::ticks) / TICKS_PER_SECOND, sum(tree, "io", Usage::written))
                : new Usage(Double.NaN, Double.NaN);
    }

    /** What was used since. */
    Usage since(Usage earlier) {
        return new Usage(cpuSeconds - earlier.cpuSeconds, writtenBytes - earlier.writtenBytes);
    }

    private static double sum(List<Long> tree, String file, ToDoubleFunction<String> figure) {
        double sum = 0;
        for (long pid : tree) {
            try {
                sum += figure.applyAsDouble(
                        Files.readString(PROC.resolve(Long.toString(pid)).resolve(file)));
            } catch (AccessDeniedException e) {
                return Double.NaN;
            } catch (IOException e) {
                // It has ended since it was listed; its parent has its time.
            }
        }
        return sum;
    }

    /** Of a process and its children that have ended. The name, in parentheses, may hold anything. */
    static double ticks(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double ticks = 0;
        for (int i = USER_TIME; i < USER_TIME + TIMES; i++) {
            ticks += Double.parseDouble(fields[i]);
        }
        return ticks;
    }

    static double written(String io) {
        return io.lines()
                .filter(line -> line.startsWith(WRITTEN))
                .mapToDouble(line ->
                        Double.parseDouble(line.substring(WRITTEN.length()).strip()))
                .sum();
    }
}
