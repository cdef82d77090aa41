package io.pacioli.ledger.app.chaos;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What became of a fault. All times count from the moment it happened.
 *
 * @param fault the fault
 * @param at when it happened, from the beginning of the load
 * @param decided until every shard had decided a command sent after it, and the client knew; null when that did not come
 * @param balances until Redis' projection showed that; null when it did not
 * @param history until PostgreSQL's projection showed that; null when it did not
 * @param whole until all processes were ready and all replicas in sync again; null when they were not
 * @param trouble why it could not be done; empty when it was
 */
record Survived(
        Fault fault,
        Duration at,
        @Nullable Duration decided,
        @Nullable Duration balances,
        @Nullable Duration history,
        @Nullable Duration whole,
        String trouble) {
    /** Whether it could not be done. */
    boolean isSkipped() {
        return !trouble.isEmpty();
    }

    /** Whether everything has recovered from it. */
    boolean isSurvived() {
        return isSkipped() || (decided != null && balances != null && history != null && whole != null);
    }
}
