package io.pacioli.ledger.app.client;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.core.Amount;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An amount that may be left out for all that there is. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class PartOption {
    @Option(
            names = "--amount",
            arity = "2",
            paramLabel = "AMOUNT ASSET",
            hideParamSyntax = true,
            description = "Only so much, such as --amount 12.50 GOLD. Default: all that is left")
    private String @Nullable [] amount;

    /** For picocli. */
    public PartOption() {}

    /** The asset in which the amount is given, or null when none is. */
    @Nullable
    AssetView asset(ApiClient api) {
        return amount == null ? null : AssetView.of(api, amount[1]);
    }

    /** The amount, or null for all. */
    @Nullable
    Amount amount(@Nullable AssetView asset) {
        if (amount == null || asset == null) {
            return null;
        }
        if (amount.length != 2) {
            throw new CommandFailure("--amount must be given once");
        }
        return asset.parse(amount[0]);
    }

    /** The amount as people write it, or what stands for all. */
    String describe(String all) {
        return amount == null ? all : amount[0] + " " + amount[1];
    }
}
