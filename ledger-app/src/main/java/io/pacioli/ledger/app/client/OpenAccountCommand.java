package io.pacioli.ledger.app.client;

import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Amount;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger open-account}. */
@Command(
        name = "open-account",
        description = {
            "Open an account, with limits of its own if wanted.",
            "Such as: ledger open-account alice --credit GOLD=500",
            "An account is also opened by its first credit; opening is needed only for limits."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class OpenAccountCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "Its id: up to 128 printable characters.")
    private String account;

    @Option(
            names = "--credit",
            paramLabel = "ASSET=AMOUNT",
            description = "How far below zero its balance of an asset may go. Default: not at all")
    private Map<String, String> credit = new LinkedHashMap<>();

    @Option(
            names = "--max-balance",
            paramLabel = "ASSET=AMOUNT",
            description = "How much of an asset it may hold. Default: any amount")
    private Map<String, String> maxBalance = new LinkedHashMap<>();

    /** For picocli. */
    public OpenAccountCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            Map<String, BigInteger> lowest = new LinkedHashMap<>();
            credit.forEach((asset, text) ->
                    lowest.put(asset, amount(api, asset, text).minorUnits().negate()));
            Map<String, Amount> highest = new LinkedHashMap<>();
            maxBalance.forEach((asset, text) -> highest.put(asset, amount(api, asset, text)));
            var command = new io.pacioli.ledger.core.Command.OpenAccount(
                    options.id(), account, new AccountLimits(lowest, highest), options.metadata());
            return options.submit(api, command, account + " opened", null);
        }
    }

    private static Amount amount(ApiClient api, String asset, String text) {
        return AmountText.parse(text, AssetView.of(api, asset).decimals(), asset);
    }
}
