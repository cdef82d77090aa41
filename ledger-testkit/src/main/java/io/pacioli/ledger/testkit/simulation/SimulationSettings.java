package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.ShardConfiguration;

/**
 * What a simulation is to do. The same settings give the same run, on every machine.
 *
 * @param seed decides the commands, the schedule, the clock and the crashes
 * @param shards number of shards, 1 to 1000
 * @param steps how many steps to take, at least 1; a step is a command, a delivery, a duplicate, a change of
 *     settings, a look at what is due, or a crash
 * @param sealed whether every entry is sealed into a hash chain, and the chain read back in the end; that takes most of the time
 */
public record SimulationSettings(long seed, int shards, int steps, boolean sealed) {
    /** @throws IllegalArgumentException when a number is out of its range */
    public SimulationSettings {
        if (shards < 1 || shards > ShardConfiguration.SHARDS_MAX || steps < 1) {
            throw new IllegalArgumentException(
                    "shards must be 1 to 1000 and steps at least 1: " + shards + ", " + steps);
        }
    }

    /** A simulation that seals nothing. */
    public SimulationSettings(long seed, int shards, int steps) {
        this(seed, shards, steps, false);
    }

    /** The settings in the form in which a failure prints them. */
    @Override
    public String toString() {
        return "seed=" + seed + " shards=" + shards + " steps=" + steps + (sealed ? " sealed" : "");
    }
}
