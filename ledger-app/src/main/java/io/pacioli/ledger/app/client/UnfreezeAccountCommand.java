package io.pacioli.ledger.app.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ledger unfreeze-account}. */
@Command(
        name = "unfreeze-account",
        description = {
            "Let a frozen account pay and be paid again.",
            "Such as: ledger unfreeze-account alice --reason \"asked for\""
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class UnfreezeAccountCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Mixin
    private AccountAndReason about;

    /** For picocli. */
    public UnfreezeAccountCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            var command = new io.pacioli.ledger.core.Command.UnfreezeAccount(
                    options.id(), about.account(), about.reason(), options.metadata());
            return options.submit(api, command, about.account() + " unfrozen", null);
        }
    }
}
