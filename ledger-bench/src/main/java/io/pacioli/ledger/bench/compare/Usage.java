package io.pacioli.ledger.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What has been used: the time of this process and of all that it has started, which are the servers of the system that runs, its
 * services, and the load generator; and what has come to the machine's disks, whoever wrote it.
 *
 * <p>A process' own count of what it wrote ({@code /proc/PID/io}) is of no use here: it grows by a whole folio when a page becomes dirty,
 * on a file system with large folios by 2 MiB for each row of a log that is synced.
 *
 * @param cpuSeconds user and system time; NaN where there is no {@code /proc}
 * @param writtenBytes to all disks, file systems' own journals included; NaN where that is not told
 */
record Usage(double cpuSeconds, double writtenBytes) {
    private static final Path PROC = Path.of("/proc");
    private static final Path BLOCK_DEVICES = Path.of("/sys/block");
    private static final boolean HAS_PROC = Files.isReadable(PROC.resolve("self/stat"));

    /** Linux tells times in hundredths of a second, whatever its own clock. */
    private static final double TICKS_PER_SECOND = 100;

    /** The place of {@code utime} among the fields after the name; {@code stime}, {@code cutime} and {@code cstime} follow. */
    private static final int USER_TIME = 11;

    private static final int TIMES = 4;

    /** The place of the sectors written among the fields of a device, see the kernel's {@code Documentation/block/stat.rst}. */
    private static final int SECTORS_WRITTEN = 6;

    /** Whatever the sectors of the device. */
    private static final double SECTOR_BYTES = 512;

    private static final long SYNC_SECONDS_MAX = 120;

    /** What has been used until now. What still waits in memory to be written is written first. */
    static Usage now() {
        return new Usage(cpu(), sync() ? written() : Double.NaN);
    }

    /** What was used since. */
    Usage since(Usage earlier) {
        return new Usage(cpuSeconds - earlier.cpuSeconds, writtenBytes - earlier.writtenBytes);
    }

    private static double cpu() {
        if (!HAS_PROC) {
            return Double.NaN;
        }
        ProcessHandle own = ProcessHandle.current();
        return Stream.concat(Stream.of(own), own.descendants())
                        .mapToDouble(process -> ticksOf(process.pid()))
                        .sum()
                / TICKS_PER_SECOND;
    }

    private static double ticksOf(long pid) {
        try {
            return ticks(Files.readString(PROC.resolve(Long.toString(pid)).resolve("stat")));
        } catch (IOException e) {
            // It has ended since it was listed; its parent has its time.
            return 0;
        }
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

    /** @return whether it is done */
    private static boolean sync() {
        try {
            Process sync = new ProcessBuilder("sync").inheritIO().start();
            if (!sync.waitFor(SYNC_SECONDS_MAX, TimeUnit.SECONDS)) {
                sync.destroyForcibly();
                return false;
            }
            return sync.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** To those that are devices: what is made of them, such as a mapped or a looped one, would count twice. */
    private static double written() {
        try (Stream<Path> found = Files.list(BLOCK_DEVICES)) {
            List<Path> devices = found.filter(device -> Files.exists(device.resolve("device")))
                    .toList();
            double bytes = devices.isEmpty() ? Double.NaN : 0;
            for (Path device : devices) {
                bytes += written(Files.readString(device.resolve("stat")));
            }
            return bytes;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** The bytes written to one device. */
    static double written(String stat) {
        return Double.parseDouble(stat.strip().split("\\s+", -1)[SECTORS_WRITTEN]) * SECTOR_BYTES;
    }
}
