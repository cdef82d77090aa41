package io.pacioli.ledger.app.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ledger void-hold}. */
@Command(
        name = "void-hold",
        description = {"Make what is left of a hold available again.", "Such as: ledger void-hold HOLD alice"})
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class VoidHoldCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Parameters(index = "0", paramLabel = "HOLD", description = "The id of the command that placed it.")
    private String hold;

    @Parameters(index = "1", paramLabel = "FROM", description = "The account whose money is held.")
    private String from;

    /** For picocli. */
    public VoidHoldCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            var command = new io.pacioli.ledger.core.Command.VoidHold(options.id(), hold, from, options.metadata());
            return options.submit(api, command, "hold " + hold + " of " + from + " voided", null);
        }
    }
}
