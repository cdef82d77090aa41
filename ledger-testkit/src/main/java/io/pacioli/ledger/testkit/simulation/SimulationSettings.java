package io.pacioli.ledger.testkit.simulation;

/**
 * What a simulation is to do. The same settings give the same run, on every machine.
 *
 * @param seed decides the commands, the schedule, the clock and the crashes
 * @param shards number of shards, 1 to 1000
 * @param steps how many steps to take, at least 1; a step is a command, a delivery, a duplicate or a crash
 */
public record SimulationSettings(long seed, int shards, int steps) {
    /** The settings with the seed of the caller's choice, in the form in which a failure prints them. */
    @Override
    public String toString() {
        return "seed=" + seed + " shards=" + shards + " steps=" + steps;
    }
}
