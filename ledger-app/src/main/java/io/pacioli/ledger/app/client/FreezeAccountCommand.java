package io.pacioli.ledger.app.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ledger freeze-account}. */
@Command(
        name = "freeze-account",
        description = {
            "Let an account neither pay nor be paid until it is unfrozen.",
            "Such as: ledger freeze-account alice --reason \"asked for\""
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class FreezeAccountCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Mixin
    private AccountAndReason about;

    /** For picocli. */
    public FreezeAccountCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            var command = new io.pacioli.ledger.core.Command.FreezeAccount(
                    options.id(), about.account(), about.reason(), options.metadata());
            return options.submit(api, command, about.account() + " frozen", null);
        }
    }
}
