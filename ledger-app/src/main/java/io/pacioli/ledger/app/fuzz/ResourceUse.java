package io.pacioli.ledger.app.fuzz;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What this process holds.
 *
 * @param threads of the platform
 * @param files open files and sockets; 0 where the system does not tell
 * @param heapBytes of objects that are in use
 */
record ResourceUse(int threads, long files, long heapBytes) {
    /** What it holds now; collects garbage first. */
    static ResourceUse now() {
        System.gc();
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
        return new ResourceUse(
                ManagementFactory.getThreadMXBean().getThreadCount(),
                files,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }

    @Override
    public String toString() {
        return threads + " threads, " + files + " open files, " + (heapBytes >> 20) + " MiB of heap";
    }
}
