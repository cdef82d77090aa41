package io.pacioli.ledger.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The processor time that a whole ledger has used so far, the load generator included, by what it was used for. The processes that this one
 * has started are told apart by what they run, and the threads of this one by their names; what is left is the virtual
 * machine's own and that of threads that have ended. Linux only: elsewhere there is nothing.
 *
 * @param seconds user and system time of each part
 */
public record ProcessorTime(Map<String, Double> seconds) {
    private static final Path PROC = Path.of("/proc");
    private static final Path OWN_THREADS = PROC.resolve("self/task");
    private static final boolean HAS_PROC = Files.isReadable(PROC.resolve("self/stat"));
    private static final String REST = "rest of this process";

    /** Linux tells times in hundredths of a second, whatever its own clock. */
    private static final double TICKS_PER_SECOND = 100;

    /** The place of {@code utime} among the fields after the name; {@code stime}, {@code cutime} and {@code cstime} follow. */
    private static final int USER_TIME = 11;

    /** {@code utime} and {@code stime}. */
    private static final int OWN_TIMES = 2;

    /** Those, {@code cutime} and {@code cstime}. */
    static final int ALL_TIMES = 4;

    private static final double MICROS_PER_SECOND = 1e6;

    /** Below that, a part is not worth a word. */
    private static final double WORTH_TELLING = 0.1;

    /** Copies the map. */
    public ProcessorTime {
        seconds = Map.copyOf(seconds);
    }

    /** What has been used until now. */
    public static ProcessorTime now() {
        if (!HAS_PROC) {
            return new ProcessorTime(Map.of());
        }
        Map<String, Double> seconds = new TreeMap<>();
        ProcessHandle own = ProcessHandle.current();
        own.descendants()
                .forEach(process -> seconds.merge(part(commandLine(process.pid())), ofAll(process.pid()), Double::sum));
        double rest = ofAll(own.pid());
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo thread : threads.dumpAllThreads(false, false, 0)) {
            double used = Math.max(0, threads.getThreadCpuTime(thread.getThreadId())) / 1e9;
            seconds.merge(partOfThread(thread.getThreadName()), used, Double::sum);
            rest -= used;
        }
        for (Map.Entry<String, Double> part : ofNativeThreads().entrySet()) {
            seconds.merge(part.getKey(), part.getValue(), Double::sum);
            rest -= part.getValue();
        }
        seconds.put(REST, rest);
        return new ProcessorTime(seconds);
    }

    /** Of the threads of this process that Java does not know. */
    private static Map<String, Double> ofNativeThreads() {
        Map<String, Double> seconds = new TreeMap<>();
        try (Stream<Path> threads = Files.list(OWN_THREADS)) {
            for (Path thread : threads.toList()) {
                String stat = stat(thread);
                String part = partOfNativeThread(stat);
                if (part != null) {
                    seconds.merge(part, ticks(stat, OWN_TIMES) / TICKS_PER_SECOND, Double::sum);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return seconds;
    }

    /** What was used since. The time of threads that have ended meanwhile counts as the rest. */
    public ProcessorTime since(ProcessorTime earlier) {
        Map<String, Double> since = new TreeMap<>(seconds);
        earlier.seconds.forEach((part, used) -> since.merge(part, -used, Double::sum));
        double ended = since.values().stream()
                .filter(used -> used < 0)
                .mapToDouble(used -> used)
                .sum();
        since.merge(REST, ended, Double::sum);
        since.values().removeIf(used -> used <= 0);
        return new ProcessorTime(since);
    }

    /** Of all parts, in seconds; NaN where it is not told. */
    public double total() {
        return seconds.isEmpty()
                ? Double.NaN
                : seconds.values().stream().mapToDouble(used -> used).sum();
    }

    /** In microseconds for each of so many things, the total and the parts, the largest first. */
    String each(long things) {
        if (seconds.isEmpty()) {
            return "not told on this system";
        }
        double scale = MICROS_PER_SECOND / things;
        return String.format(Locale.ROOT, "%.1f µs: ", total() * scale) + told(seconds, scale);
    }

    /**
     * The parts in words, the largest first.
     *
     * @param scale what the figures are multiplied with; what is less than a tenth then is left out
     */
    public static String told(Map<String, Double> parts, double scale) {
        return parts.entrySet().stream()
                .filter(entry -> entry.getValue() * scale >= WORTH_TELLING)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(entry -> String.format(Locale.ROOT, "%s %.1f", entry.getKey(), entry.getValue() * scale))
                .collect(Collectors.joining(", "));
    }

    /** What a process does, by its command line. */
    static String part(String commandLine) {
        if (commandLine.contains("BalancesService")) {
            return "projection to Redis";
        }
        if (commandLine.contains("HistoryService")) {
            return "projection to PostgreSQL";
        }
        if (commandLine.contains("KafkaBroker")) {
            return "broker";
        }
        if (commandLine.contains("redis-server")) {
            return "Redis";
        }
        return commandLine.contains("postgres") ? "PostgreSQL" : "other processes";
    }

    /** What a thread of this process does, by its name. */
    static String partOfThread(String name) {
        if (name.startsWith("kafka-producer-network-thread")) {
            return name.contains("StreamThread") ? "processor's producer" : "client";
        }
        if (name.contains("StreamThread")) {
            return "decisions";
        }
        return name.startsWith("bench-") ? "reader of the benchmark" : "client";
    }

    /** What a thread does that is none of Java's, by the name that the system has of it; null for all others. */
    static @Nullable String partOfNativeThread(String stat) {
        String name = stat.substring(stat.indexOf('(') + 1);
        if (name.startsWith("rocksdb:")) {
            return "RocksDB in the background";
        }
        if (name.startsWith("GC Thread") || name.startsWith("G1 ")) {
            return "garbage collector";
        }
        return name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler") ? "compilers" : null;
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(PROC.resolve(Long.toString(pid)).resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Of a process and its children that have ended; 0 when it has ended itself, as its parent has its time then. */
    private static double ofAll(long pid) {
        return ticks(stat(PROC.resolve(Long.toString(pid))), ALL_TIMES) / TICKS_PER_SECOND;
    }

    /** What the system says of a process or thread; nothing when it has ended. */
    private static String stat(Path of) {
        try {
            return Files.readString(of.resolve("stat"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Its own time, or with that of its children that have ended; 0 of nothing. The name, in parentheses, may hold anything.
     *
     * @param times how many of the times count
     */
    static double ticks(String stat, int times) {
        if (stat.isEmpty()) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double ticks = 0;
        for (int i = USER_TIME; i < USER_TIME + times; i++) {
            ticks += Double.parseDouble(fields[i]);
        }
        return ticks;
    }
}
