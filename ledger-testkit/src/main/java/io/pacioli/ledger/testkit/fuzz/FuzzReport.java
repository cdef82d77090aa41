package io.pacioli.ledger.testkit.fuzz;

import java.util.Map;

/**
 * What became of the inputs.
 *
 * @param targets by name
 * @param slowestNanos of one input
 * @param slowest the target of that one
 * @param nanos all together took
 */
public record FuzzReport(Map<String, Counts> targets, long slowestNanos, String slowest, long nanos) {
    /**
     * Of one target.
     *
     * @param accepted were read, written and read again
     * @param refused were malformed
     */
    public record Counts(long accepted, long refused) {}

    /** All inputs. */
    public long inputs() {
        return accepted() + refused();
    }

    /** All that were well-formed. */
    public long accepted() {
        return targets.values().stream().mapToLong(Counts::accepted).sum();
    }

    /** All that were not. */
    public long refused() {
        return targets.values().stream().mapToLong(Counts::refused).sum();
    }
}
