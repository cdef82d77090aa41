package io.pacioli.ledger.app.client;

import io.pacioli.ledger.core.Amount;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ledger burn}. */
@Command(
        name = "burn",
        description = {"Take units of an asset out of circulation.", "Such as: ledger burn alice 0.50 GOLD"})
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class BurnCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Parameters(index = "0", paramLabel = "FROM", description = "The account that gives them up.")
    private String from;

    @Parameters(index = "1", paramLabel = "AMOUNT", description = "How much, such as 100 or 0.5.")
    private String amount;

    @Parameters(index = "2", paramLabel = "ASSET", description = "The asset's code, such as GOLD.")
    private String asset;

    /** For picocli. */
    public BurnCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            AssetView view = AssetView.of(api, asset);
            Amount minorUnits = view.parse(amount);
            var command =
                    new io.pacioli.ledger.core.Command.Burn(options.id(), asset, from, minorUnits, options.metadata());
            String summary = view.describe(minorUnits.minorUnits()) + " of " + from + " burned";
            return options.submit(api, command, summary, view);
        }
    }
}
