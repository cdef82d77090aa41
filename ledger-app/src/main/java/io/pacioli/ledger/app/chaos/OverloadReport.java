package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.audit.AuditReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run under overload has shown.
 *
 * @param settings what was asked for
 * @param steps what happened, in that order
 * @param flood how many commands were written straight into Kafka
 * @param after what was so again, and how long after the step that had made it otherwise
 * @param resident the most memory that each process had in use, in bytes: in the steps before the overload, and in all
 * @param audit null when it could not be made
 * @param violations the first things that must not be and are, in words
 * @param violationCount all of them
 * @param directory where everything is, when it was kept
 */
record OverloadReport(
        OverloadSettings settings,
        List<OverloadStep> steps,
        long flood,
        Map<String, Duration> after,
        Map<String, Resident> resident,
        @Nullable AuditReport audit,
        List<String> violations,
        long violationCount,
        @Nullable Path directory) {
    /**
     * The most memory that a process had in use.
     *
     * @param before the overload, in bytes
     * @param ever in the whole run, in bytes
     */
    record Resident(long before, long ever) {
        /** The most of both. */
        Resident max(Resident other) {
            return new Resident(Math.max(before, other.before), Math.max(ever, other.ever));
        }
    }

    /** Copies the collections. */
    OverloadReport {
        steps = List.copyOf(steps);
        violations = List.copyOf(violations);
    }

    /** Whether everything was as it must be. */
    boolean passed() {
        return violationCount == 0;
    }
}
