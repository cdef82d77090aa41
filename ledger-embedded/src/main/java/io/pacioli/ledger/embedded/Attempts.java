package io.pacioli.ledger.embedded;

import java.util.List;
import java.util.function.Supplier;

/** Starts a server again when the reason why it did not start has passed by then. */
final class Attempts {
    private static final int ATTEMPTS_MAX = 3;

    /** Between choosing a free port and binding it there is a moment in which another process may take it. */
    private static final List<String> PORT_TAKEN = List.of("Address already in use", "Address in use");

    /** The last worker of a killed PostgreSQL server notices a little after the server itself is gone. */
    private static final String WORKERS_LEFT = "pre-existing shared memory block";

    private Attempts() {}

    /** Releases the directory when no attempt succeeds. A port that the caller named ({@code port > 0}) is never tried again. */
    static <T> T start(DataDirectory directory, int port, Supplier<T> attempt) {
        boolean started = false;
        try {
            for (int attempts = 1; ; attempts++) {
                try {
                    T server = attempt.get();
                    started = true;
                    return server;
                } catch (EmbeddedStartException e) {
                    if (attempts == ATTEMPTS_MAX || !mayPass(String.valueOf(e.getMessage()), port)) {
                        throw e;
                    }
                }
            }
        } finally {
            if (!started) {
                directory.close();
            }
        }
    }

    private static boolean mayPass(String message, int port) {
        return message.contains(WORKERS_LEFT)
                || (port == 0 && PORT_TAKEN.stream().anyMatch(message::contains));
    }
}
