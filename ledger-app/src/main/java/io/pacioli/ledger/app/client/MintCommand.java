package io.pacioli.ledger.app.client;

import io.pacioli.ledger.core.Amount;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ledger mint}. */
@Command(
        name = "mint",
        description = {"Bring new units of an asset into circulation.", "Such as: ledger mint alice 100 GOLD"})
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class MintCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Parameters(index = "0", paramLabel = "TO", description = "The account that gets them; opened if it is new.")
    private String to;

    @Parameters(index = "1", paramLabel = "AMOUNT", description = "How much, such as 100 or 0.5.")
    private String amount;

    @Parameters(index = "2", paramLabel = "ASSET", description = "The asset's code, such as GOLD.")
    private String asset;

    /** For picocli. */
    public MintCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            AssetView view = AssetView.of(api, asset);
            Amount minorUnits = view.parse(amount);
            var command =
                    new io.pacioli.ledger.core.Command.Mint(options.id(), asset, to, minorUnits, options.metadata());
            String summary = view.describe(minorUnits.minorUnits()) + " minted to " + to;
            return options.submit(api, command, summary, view);
        }
    }
}
