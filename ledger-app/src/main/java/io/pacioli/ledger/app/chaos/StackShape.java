package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.app.chaos.Fault.Victim;
import io.pacioli.ledger.processor.ProcessorSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which processes a ledger has, and how they run.
 *
 * @param shards shards of the ledger
 * @param processes one of each role at least
 * @param hurt whether things are going to happen to them, for which they need a network and a disk of their own
 * @param commitInterval of the processors
 */
record StackShape(int shards, List<Victim> processes, boolean hurt, Duration commitInterval) {
    private static final int BROKER_MEGABYTES = 512;
    private static final int PROCESSOR_MEGABYTES = 512;
    private static final int SERVICE_MEGABYTES = 256;

    /** A process that is to be measured takes all of its heap at once: what grows later is something else. */
    private static final List<String> MEASURED =
            List.of("-XX:+UseG1GC", "-XX:MaxGCPauseMillis=50", "-XX:+UseCompactObjectHeaders", "-XX:+AlwaysPreTouch");

    /**
     * Many JVMs share the machine, and are started again and again: the quick compiler alone makes each of them work well within a
     * second or two, and what the other one would gain later is less than what it costs until then.
     */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

    private static final List<String> QUICK_AND_SMALL =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

    /** Copies the list. */
    StackShape {
        processes = List.copyOf(processes);
    }

    /** So many brokers, and two of whatever decides or projects: each can be lost, but for a broker that is the only one. */
    static StackShape redundant(int shards, int brokers, Duration commitInterval) {
        List<Victim> processes = Victim.all().stream()
                .filter(process -> process.role() != Role.BROKER || process.number() <= brokers)
                .toList();
        return new StackShape(shards, processes, true, commitInterval);
    }

    /** One of each, as they run by default. */
    static StackShape single(int shards) {
        List<Victim> processes =
                Stream.of(Role.values()).map(role -> new Victim(role, 1)).toList();
        return new StackShape(shards, processes, false, ProcessorSettings.COMMIT_INTERVAL);
    }

    /** All processes of a role. */
    List<Victim> all(Role role) {
        return processes.stream().filter(process -> process.role() == role).toList();
    }

    /** The heap of a process, in MiB. */
    int heapMegabytes(Role role) {
        return switch (role) {
            case BROKER -> hurt ? BROKER_MEGABYTES : 2 * BROKER_MEGABYTES;
            case PROCESSOR -> hurt ? PROCESSOR_MEGABYTES : 2 * PROCESSOR_MEGABYTES;
            default -> hurt ? SERVICE_MEGABYTES : 2 * SERVICE_MEGABYTES;
        };
    }

    /** Options of the JVM of a process. */
    List<String> jvmOptions(Role role) {
        if (hurt) {
            return role == Role.BROKER ? QUICK : QUICK_AND_SMALL;
        }
        return Stream.concat(Stream.of("-Xms" + heapMegabytes(role) + "m"), MEASURED.stream())
                .toList();
    }
}
