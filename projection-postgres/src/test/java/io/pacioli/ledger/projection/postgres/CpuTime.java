package io.pacioli.ledger.projection.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Seconds of CPU that have been used: steadier than time on a busy machine. Linux only.
 *
 * @param own by this JVM
 * @param servers by the broker and the database, with those of their processes that have ended
 */
record CpuTime(double own, double servers) {
    private static final double TICKS_A_SECOND = 100;

    /** The columns of a process's {@code stat} behind its name: user, system, and both of children that have ended. */
    private static final List<Integer> TICKS = List.of(11, 12, 13, 14);

    /** What has been used until now. */
    static CpuTime now() {
        return new CpuTime(
                seconds(ProcessHandle.current().pid(), TICKS.subList(0, 2)),
                ProcessHandle.current()
                        .descendants()
                        .mapToDouble(process -> seconds(process.pid(), TICKS))
                        .sum());
    }

    private static double seconds(long pid, List<Integer> columns) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return columns.stream()
                            .mapToLong(column -> Long.parseLong(fields[column]))
                            .sum()
                    / TICKS_A_SECOND;
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What has been used since, for each of so many entries. */
    String since(CpuTime start, long entries) {
        return String.format(
                Locale.ROOT,
                "%.1f us here, %.1f us in the servers",
                (own - start.own) * 1e6 / entries,
                (servers - start.servers) * 1e6 / entries);
    }
}
