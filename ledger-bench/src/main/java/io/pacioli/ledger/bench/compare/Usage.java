package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.ProcessorTime;
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
 * @param time of the processors
 * @param writtenBytes to all disks, file systems' own journals included; NaN where that is not told
 */
record Usage(ProcessorTime time, double writtenBytes) {
    private static final Path BLOCK_DEVICES = Path.of("/sys/block");

    /** The place of the sectors written among the fields of a device, see the kernel's {@code Documentation/block/stat.rst}. */
    private static final int SECTORS_WRITTEN = 6;

    /** Whatever the sectors of the device. */
    private static final double SECTOR_BYTES = 512;

    private static final long SYNC_SECONDS_MAX = 120;

    /** What has been used until now. What still waits in memory to be written is written first. */
    static Usage now() {
        return new Usage(ProcessorTime.now(), sync() ? written() : Double.NaN);
    }

    /** What was used since. */
    Usage since(Usage earlier) {
        return new Usage(time.since(earlier.time), writtenBytes - earlier.writtenBytes);
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
