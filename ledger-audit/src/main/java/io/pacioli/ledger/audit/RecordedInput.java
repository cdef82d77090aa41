package io.pacioli.ledger.audit;

import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.Input;

/** Something that a shard read, as the topics say. */
sealed interface RecordedInput {
    /** The shard that read it. */
    int shard();

    /** The ledger's time then. */
    long atMillis();

    /**
     * An input with what it has led to.
     *
     * @param decision as the journal has it
     */
    record Decided(int shard, Input input, Decision.Journaled decision) implements RecordedInput {
        @Override
        public long atMillis() {
            return decision.entries().getFirst().atMillis();
        }
    }

    /** A command that had its outcome already. */
    record Repeated(Input.CommandInput input, int shard) implements RecordedInput {
        @Override
        public long atMillis() {
            return input.atMillis();
        }
    }
}
