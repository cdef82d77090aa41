package io.pacioli.ledger.app.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ledger close-account}. */
@Command(
        name = "close-account",
        description = {
            "Close an account that is at zero everywhere; open-account opens it again.",
            "Such as: ledger close-account alice --reason \"asked for\""
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class CloseAccountCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Mixin
    private AccountAndReason about;

    /** For picocli. */
    public CloseAccountCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            var command = new io.pacioli.ledger.core.Command.CloseAccount(
                    options.id(), about.account(), about.reason(), options.metadata());
            return options.submit(api, command, about.account() + " closed", null);
        }
    }
}
