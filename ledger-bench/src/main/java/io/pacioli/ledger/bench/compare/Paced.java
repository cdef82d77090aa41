package io.pacioli.ledger.bench.compare;

import io.pacioli.ledger.bench.PacedTransfers;
import java.util.Map;

/**
 * Transfers at a fixed rate, and what followed them.
 *
 * @param lags how far each projection was behind; empty for a system without any
 */
record Paced(PacedTransfers transfers, Map<Stage, Lag> lags) {
    Paced {
        lags = Stage.inOrder(lags);
    }

    /** Of a system whose answer is all there is to wait for. */
    static Paced answered(PacedTransfers transfers) {
        return new Paced(transfers, Map.of());
    }
}
