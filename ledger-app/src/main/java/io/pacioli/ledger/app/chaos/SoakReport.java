package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.audit.AuditReport;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a long run has shown.
 *
 * @param settings what was asked for
 * @param rows the figures
 * @param commands that were answered
 * @param unanswered commands and questions without an answer
 * @param audit null when it could not be made
 * @param violations the first things that must not be and are, in words
 * @param violationCount all of them
 * @param directory where everything is, when it was kept
 */
record SoakReport(
        SoakSettings settings,
        List<SoakWindows.Row> rows,
        long commands,
        long unanswered,
        @Nullable AuditReport audit,
        List<String> violations,
        long violationCount,
        @Nullable Path directory) {
    /** Copies the lists. */
    SoakReport {
        rows = List.copyOf(rows);
        violations = List.copyOf(violations);
    }

    /** Whether nothing has grown or failed. */
    boolean passed() {
        return violationCount == 0;
    }
}
