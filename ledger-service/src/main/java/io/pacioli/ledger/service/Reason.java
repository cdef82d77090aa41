package io.pacioli.ledger.service;

import java.util.Objects;

/** Why something failed, in one line for people. */
public final class Reason {
    private Reason() {}

    /** What the innermost cause says: clients wrap it in words such as "failed to create", which tell nobody what to do. */
    public static String of(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return Objects.requireNonNullElse(innermost.getMessage(), innermost.toString());
    }
}
