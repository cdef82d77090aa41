package io.pacioli.ledger.projection.postgres;

import java.sql.SQLException;

/** Says in a line why the store failed. */
final class Failures {
    private Failures() {}

    /** The innermost reason that the driver gave, on one line. */
    static String reason(Throwable failure) {
        Throwable reason = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException) {
                reason = cause;
            }
        }
        return String.valueOf(reason.getMessage()).lines().findFirst().orElse("");
    }
}
