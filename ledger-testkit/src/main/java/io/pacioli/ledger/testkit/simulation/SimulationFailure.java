package io.pacioli.ledger.testkit.simulation;

import org.jspecify.annotations.Nullable;

/** A simulation found the ledger out. The message names the settings that lead to the same failure again. */
public final class SimulationFailure extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final transient SimulationSettings settings;

    SimulationFailure(SimulationSettings settings, long step, String trace, Throwable cause) {
        super(describe(settings, step, trace, cause.getMessage()), cause);
        this.settings = settings;
    }

    /** What leads to the same failure again. */
    public SimulationSettings settings() {
        return settings;
    }

    private static String describe(SimulationSettings settings, long step, String trace, @Nullable String what) {
        return "the simulation with " + settings + " failed at step " + step + ": " + what + System.lineSeparator()
                + trace + "Run it again with: new Simulation(new SimulationSettings(" + settings.seed() + "L, "
                + settings.shards() + ", " + settings.steps() + ", " + settings.sealed() + ")).run()";
    }
}
