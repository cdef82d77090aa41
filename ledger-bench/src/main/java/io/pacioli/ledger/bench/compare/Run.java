package io.pacioli.ledger.bench.compare;

import java.util.Map;

/**
 * One run of one workload against one system.
 *
 * @param seconds for each stage the time from the first call until the last transfer had come that far
 * @param lags how far each projection was behind meanwhile; empty for a system without any
 */
record Run(Counts counts, Map<Stage, Double> seconds, Map<Stage, Lag> lags) {
    Run {
        seconds = Stage.inOrder(seconds);
        lags = Stage.inOrder(lags);
    }

    /** A run of a system whose answer is all there is to wait for. */
    static Run answered(Counts counts, double seconds) {
        return new Run(counts, Map.of(Stage.ANSWERED, seconds), Map.of());
    }
}
