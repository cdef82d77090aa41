package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.chaos.Fault.Kind;
import io.pacioli.ledger.audit.AuditReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run has shown.
 *
 * @param settings what was asked for
 * @param took the whole run, checks included
 * @param loaded how long clients sent, and waited for what they had sent
 * @param faults what happened, in that order
 * @param notTried kinds of faults that this machine does not let us do, and why
 * @param figures what was sent and what became of it
 * @param failures attempts of clients that got no answer
 * @param seen balances that clients have read and that were compared
 * @param unanswered questions for balances that got no answer
 * @param quiet latencies of commands that met no fault, in microseconds
 * @param troubled latencies of the others
 * @param audit the audit; null when it could not be made
 * @param violations the first things that must not be and are
 * @param violationCount how many there are
 * @param directory where logs and data are, when they were kept
 */
record ChaosReport(
        ChaosSettings settings,
        Duration took,
        Duration loaded,
        List<Survived> faults,
        Map<Kind, String> notTried,
        RecordCheck.Figures figures,
        long failures,
        long seen,
        long unanswered,
        Histogram quiet,
        Histogram troubled,
        @Nullable AuditReport audit,
        List<String> violations,
        long violationCount,
        @Nullable Path directory) {
    /** Whether all holds. */
    boolean passed() {
        return violationCount == 0;
    }
}
