package io.pacioli.ledger.audit;

import java.time.Duration;

/**
 * How long an audit waits before it believes that nothing more comes.
 *
 * @param late how much later than its end in one partition a transaction may end in another: the broker marks one after the other
 * @param stalled how long the cluster may send nothing of what it says is there before the audit is given up
 * @param standstill how long a projection may stand still behind the journal before it is taken to stay there
 */
record Patience(Duration late, Duration stalled, Duration standstill) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(5), JournalFold.STALL_MAX, Duration.ofSeconds(30));

    /** @throws AuditException when the thread is interrupted */
    static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AuditException("interrupted", e);
        }
    }
}
