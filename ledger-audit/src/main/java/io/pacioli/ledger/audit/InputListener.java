package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Input;

/** Hears what a shard's replay comes to, in the shard's own order. */
interface InputListener {
    /** Hears nothing. */
    InputListener NONE = new InputListener() {
        @Override
        public void decided(Input input, Decision.Journaled decision) {}

        @Override
        public void passed(long atMillis, CommandRecord command) {}
    };

    /** An input has led to this, and the journal says so too. */
    void decided(Input input, Decision.Journaled decision);

    /** A record of the commands has led to nothing. */
    void passed(long atMillis, CommandRecord command);
}
