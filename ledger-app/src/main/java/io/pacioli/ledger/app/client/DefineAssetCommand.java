package io.pacioli.ledger.app.client;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Fields;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger define-asset}. */
@Command(
        name = "define-asset",
        description = {"Define a token or currency.", "Such as: ledger define-asset GOLD --decimals 2 --emoji 🪙"})
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class DefineAssetCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Parameters(index = "0", paramLabel = "ASSET", description = "Its code: 1 to 16 of A-Z 0-9 . _ -")
    private String code;

    @Option(names = "--name", paramLabel = "NAME", description = "Its name, for people. Default: the code")
    private @Nullable String name;

    @Option(names = "--symbol", paramLabel = "TEXT", defaultValue = "", description = "Its symbol, such as €.")
    private String symbol;

    @Option(names = "--emoji", paramLabel = "EMOJI", defaultValue = "", description = "Its emoji, such as 🪙.")
    private String emoji;

    @Option(
            names = "--decimals",
            paramLabel = "N",
            defaultValue = "2",
            description = "Digits behind the point, 0 to 18; fixed for ever. Default: ${DEFAULT-VALUE}")
    private int decimals;

    @Option(names = "--max-supply", paramLabel = "AMOUNT", description = "The most that may ever circulate.")
    private @Nullable String maxSupply;

    @Option(
            names = "--initial-supply",
            paramLabel = "AMOUNT",
            description = "Mint this much at once, to --initial-holder.")
    private @Nullable String initialSupply;

    @Option(names = "--initial-holder", paramLabel = "ACCOUNT", description = "Who gets the initial supply.")
    private @Nullable String initialHolder;

    /** For picocli. */
    public DefineAssetCommand() {}

    @Override
    public Integer call() {
        Fields.decimals("decimals", decimals);
        Asset asset =
                new Asset(code, Objects.requireNonNullElse(name, code), symbol, emoji, decimals, amount(maxSupply));
        Amount supply = Objects.requireNonNullElse(amount(initialSupply), Amount.ZERO);
        var command = new io.pacioli.ledger.core.Command.DefineAsset(
                options.id(), asset, supply, initialHolder, options.metadata());
        try (ApiClient api = options.client().connect()) {
            AssetView view = new AssetView(code, emoji, decimals);
            String minted = supply.isPositive()
                    ? ", " + view.describe(supply.minorUnits()) + " minted to " + initialHolder
                    : "";
            return options.submit(api, command, code + " defined with " + decimals + " decimals" + minted, view);
        }
    }

    private @Nullable Amount amount(@Nullable String text) {
        return text == null ? null : AmountText.parse(text, decimals, code);
    }
}
