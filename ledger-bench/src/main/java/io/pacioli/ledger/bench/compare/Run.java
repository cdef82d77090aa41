package io.pacioli.ledger.bench.compare;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * One run of one workload against one system.
 *
 * @param seconds for each stage the time from the first call until the last transfer had come that far
 */
record Run(Counts counts, Map<Stage, Double> seconds) {
    Run {
        seconds = Collections.unmodifiableMap(new EnumMap<>(seconds));
    }

    /** A run of a system whose answer is all there is to wait for. */
    static Run answered(Counts counts, double seconds) {
        return new Run(counts, Map.of(Stage.ANSWERED, seconds));
    }
}
