package io.pacioli.ledger.testkit.model;

import io.pacioli.ledger.core.Rejection;
import org.jspecify.annotations.Nullable;

/**
 * What must become of an input, as the model sees it.
 *
 * @param shard the shard that decides
 * @param sequence of the last entry that the input leads to; for a repeated command, of the entry that it led to the first time
 * @param atMillis when that entry was decided
 * @param type the type of that entry's event
 * @param rejection why the command was rejected, or the credit or the transaction refused; null otherwise
 * @param entries how many entries the input leads to; 0 for a repeated command
 * @param commandId the command that this is the outcome of; null when there is none
 * @param pending whether the command waits for its final outcome
 */
public record Verdict(
        int shard,
        long sequence,
        long atMillis,
        String type,
        @Nullable Rejection rejection,
        int entries,
        @Nullable String commandId,
        boolean pending) {
    Verdict repeated() {
        return new Verdict(shard, sequence, atMillis, type, rejection, 0, commandId, pending);
    }

    Verdict on(String id) {
        return new Verdict(shard, sequence, atMillis, type, rejection, entries, id, pending);
    }

    Verdict asPending() {
        return new Verdict(shard, sequence, atMillis, type, rejection, entries, commandId, true);
    }
}
