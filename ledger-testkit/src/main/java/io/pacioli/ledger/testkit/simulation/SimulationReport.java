package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Rejection;
import java.util.Map;

/**
 * What a simulation went through, so that a reader can tell that it went through enough.
 *
 * @param settings what it was to do
 * @param commands how many commands reached a shard, duplicates included
 * @param repeated how many of them were answered from memory
 * @param rejections how often each rule was broken
 * @param events how many entries there are of each type of event
 * @param duplicates how many messages between shards were delivered twice
 * @param burnsRejected how many burns of more than circulates were rejected on the issuer's shard
 * @param burnsSentBack how many were sent back from there
 * @param configurations how often a shard's settings changed while it ran
 * @param crashes how often a shard was rebuilt from its journal
 */
public record SimulationReport(
        SimulationSettings settings,
        long commands,
        long repeated,
        Map<Rejection, Long> rejections,
        Map<String, Long> events,
        long duplicates,
        long burnsRejected,
        long burnsSentBack,
        long configurations,
        long crashes) {}
