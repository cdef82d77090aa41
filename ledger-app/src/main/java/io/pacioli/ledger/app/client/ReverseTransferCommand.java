package io.pacioli.ledger.app.client;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ledger reverse-transfer}. */
@Command(
        name = "reverse-transfer",
        description = {
            "Give back what a transfer or a capture has paid, all or part of it, never more in sum.",
            "Such as: ledger reverse-transfer TRANSFER shop --amount 5 GOLD"
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class ReverseTransferCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Mixin
    private PartOption part;

    @Parameters(index = "0", paramLabel = "TRANSFER", description = "The id of the command that paid.")
    private String transfer;

    @Parameters(index = "1", paramLabel = "FROM", description = "The account that was paid and gives back.")
    private String from;

    /** For picocli. */
    public ReverseTransferCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            AssetView view = part.asset(api);
            var command = new io.pacioli.ledger.core.Command.ReverseTransfer(
                    options.id(), transfer, from, part.amount(view), options.metadata());
            String summary = from + " gave back " + part.describe("all that was left") + " of " + transfer;
            return options.submit(api, command, summary, view);
        }
    }
}
