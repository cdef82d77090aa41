package io.pacioli.ledger.app.client;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What every command that changes an account's status is told. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class AccountAndReason {
    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The account.")
    private String account;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "Why, for whoever reads the history.")
    private String reason;

    /** For picocli. */
    public AccountAndReason() {}

    /** The account. */
    public String account() {
        return account;
    }

    /** Why; may be empty. */
    public String reason() {
        return reason;
    }
}
