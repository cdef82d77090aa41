package io.pacioli.ledger.testkit.simulation;

import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.ShardState;
import io.pacioli.ledger.core.ShardView;

/** The two functions that a simulation runs: those of the core, or of a double with a deliberate fault. */
public interface Decider {
    /** See {@link Ledger#decide}. */
    Decision decide(Input input, ShardView view);

    /** See {@link Ledger#evolve}. */
    void evolve(ShardState state, Entry entry);

    /** The functions of the core. */
    static Decider of(Ledger ledger) {
        return new Decider() {
            @Override
            public Decision decide(Input input, ShardView view) {
                return ledger.decide(input, view);
            }

            @Override
            public void evolve(ShardState state, Entry entry) {
                ledger.evolve(state, entry);
            }
        };
    }
}
