package io.pacioli.ledger.app.client;

import io.pacioli.ledger.core.Amount;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger place-hold}. */
@Command(
        name = "place-hold",
        description = {
            "Set money of an account aside until it is captured, voided or expires.",
            "Such as: ledger place-hold alice 80 GOLD --to hotel --expires 48h"
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class PlaceHoldCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Parameters(index = "0", paramLabel = "FROM", description = "The account whose money is held.")
    private String from;

    @Parameters(index = "1", paramLabel = "AMOUNT", description = "How much, such as 80 or 12.50.")
    private String amount;

    @Parameters(index = "2", paramLabel = "ASSET", description = "The asset's code, such as GOLD.")
    private String asset;

    @Option(
            names = "--to",
            paramLabel = "ACCOUNT",
            description = "The only account that a capture may pay. Default: the capture names it")
    private @Nullable String to;

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            description =
                    "When what is left is available again, such as 2026-11-24T18:00:00Z, or 48h from now. Default: never")
    private @Nullable String expires;

    @Option(names = "--memo", paramLabel = "TEXT", defaultValue = "", description = "A note that stays with the hold.")
    private String memo;

    /** For picocli. */
    public PlaceHoldCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            AssetView view = AssetView.of(api, asset);
            Amount minorUnits = view.parse(amount);
            var command = new io.pacioli.ledger.core.Command.PlaceHold(
                    options.id(), asset, from, to, minorUnits, Moment.parse(expires), memo, options.metadata());
            String summary = view.describe(minorUnits.minorUnits()) + " of " + from + " held, as " + options.id();
            return options.submit(api, command, summary, view);
        }
    }
}
