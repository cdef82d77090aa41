package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Rejection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a simulation went through, so that a reader can tell that it went through enough.
 *
 * @param steps how many steps it took
 * @param commands how many commands reached a shard, duplicates included
 * @param batches how often several came in one record
 * @param repeated how many of them were answered from memory
 * @param pending how many of them had to wait for their outcome
 * @param due how often something fell due
 * @param rejections how often each rule was broken
 * @param events how many entries there are of each type of event
 * @param duplicates how many messages between shards were delivered twice
 * @param burnsRejected how many burns of more than circulates were rejected on the issuer's shard
 * @param burnsSentBack how many were sent back from there
 * @param configurations how often a shard's settings changed while it ran
 * @param crashes how often a shard was rebuilt from its journal
 */
public record SimulationReport(
        long steps,
        long commands,
        long batches,
        long repeated,
        long pending,
        long due,
        Map<Rejection, Long> rejections,
        Map<String, Long> events,
        long duplicates,
        long burnsRejected,
        long burnsSentBack,
        long configurations,
        long crashes) {
    /** Before the first step. */
    public static final SimulationReport NONE =
            new SimulationReport(0, 0, 0, 0, 0, 0, Map.of(), Map.of(), 0, 0, 0, 0, 0);

    /** What this one and another went through. */
    public SimulationReport plus(SimulationReport other) {
        Map<Rejection, Long> allRejections = new EnumMap<>(Rejection.class);
        allRejections.putAll(rejections);
        other.rejections.forEach((rejection, count) -> allRejections.merge(rejection, count, Long::sum));
        Map<String, Long> allEvents = new TreeMap<>(events);
        other.events.forEach((type, count) -> allEvents.merge(type, count, Long::sum));
        return new SimulationReport(
                steps + other.steps,
                commands + other.commands,
                batches + other.batches,
                repeated + other.repeated,
                pending + other.pending,
                due + other.due,
                allRejections,
                allEvents,
                duplicates + other.duplicates,
                burnsRejected + other.burnsRejected,
                burnsSentBack + other.burnsSentBack,
                configurations + other.configurations,
                crashes + other.crashes);
    }
}
