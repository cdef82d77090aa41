package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Router;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A long simulation as a row of short ones, each with the next seed and a fresh ledger. So a failure is found again in a moment, and
 * memory does not grow with the number of steps. Everything about a round follows from its seed: a round that fails is the first
 * one of the rounds with that seed.
 */
public final class Rounds {
    /** Most steps of a round. */
    public static final int STEPS_MAX = 10_000;

    private static final int[] SHARDS = {1, 2, 3, 6, 6, 12, 48};
    private static final int SEALED_EVERY = 100;

    private Rounds() {}

    /**
     * Runs them one after the other.
     *
     * @param seed of the first round
     * @param steps how many to take in all, at least 1
     * @param progress is told after each round what all of them went through until then
     * @throws SimulationFailure when the ledger broke an invariant or differed from the model
     */
    public static SimulationReport run(long seed, long steps, Consumer<SimulationReport> progress) {
        return run(seed, steps, router -> Decider.of(new Ledger(router)), progress);
    }

    static SimulationReport run(
            long seed, long steps, Function<Router, Decider> decider, Consumer<SimulationReport> progress) {
        SimulationReport sum = SimulationReport.NONE;
        for (long round = 0; sum.steps() < steps; round++) {
            int left = (int) Math.min(STEPS_MAX, steps - sum.steps());
            sum = sum.plus(new Simulation(round(seed + round, left), decider).run());
            progress.accept(sum);
        }
        return sum;
    }

    /** The settings of the round with that seed. */
    public static SimulationSettings round(long seed, int steps) {
        int shards = SHARDS[Math.floorMod(seed, SHARDS.length)];
        return new SimulationSettings(seed, shards, steps, Math.floorMod(seed, SEALED_EVERY) == 0);
    }
}
