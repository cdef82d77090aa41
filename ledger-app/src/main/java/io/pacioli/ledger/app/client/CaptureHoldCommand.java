package io.pacioli.ledger.app.client;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger capture-hold}. */
@Command(
        name = "capture-hold",
        description = {
            "Pay what a hold has set aside, all or part of it; what is left stays held.",
            "Such as: ledger capture-hold HOLD alice --amount 60 GOLD"
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class CaptureHoldCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Mixin
    private PartOption part;

    @Parameters(index = "0", paramLabel = "HOLD", description = "The id of the command that placed it.")
    private String hold;

    @Parameters(index = "1", paramLabel = "FROM", description = "The account whose money is held.")
    private String from;

    @Option(
            names = "--to",
            paramLabel = "ACCOUNT",
            description = "The account that is paid. Default: the one that the hold names")
    private @Nullable String to;

    /** For picocli. */
    public CaptureHoldCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            AssetView view = part.asset(api);
            var command = new io.pacioli.ledger.core.Command.CaptureHold(
                    options.id(), hold, from, part.amount(view), to, options.metadata());
            String summary = part.describe("all that was left") + " of hold " + hold + " captured from " + from;
            return options.submit(api, command, summary, view);
        }
    }
}
