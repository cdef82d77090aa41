package io.pacioli.ledger.app.client;

import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Conditions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger transfer}. */
@Command(
        name = "transfer",
        description = {"Move money from one account to another.", "Such as: ledger transfer alice bob 12.50 GOLD"})
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class TransferCommand implements Callable<Integer> {
    @Mixin
    private SubmitOptions options;

    @Parameters(index = "0", paramLabel = "FROM", description = "The account that pays.")
    private String from;

    @Parameters(index = "1", paramLabel = "TO", description = "The account that is paid; opened if it is new.")
    private String to;

    @Parameters(index = "2", paramLabel = "AMOUNT", description = "How much, such as 12.50 or 1,234.")
    private String amount;

    @Parameters(index = "3", paramLabel = "ASSET", description = "The asset's code, such as GOLD.")
    private String asset;

    @Option(
            names = "--memo",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "A note that stays with the transfer.")
    private String memo;

    @Option(
            names = "--not-before",
            paramLabel = "TIME",
            description = "Wait until then, such as 2026-11-24T18:00:00Z, or 2h from now. Default: at once")
    private @Nullable String notBefore;

    @Option(
            names = "--not-after",
            paramLabel = "TIME",
            description =
                    "Do not pay later than that, such as 2026-11-24T18:00:00Z, or 10s from now. Default: whenever")
    private @Nullable String notAfter;

    @Option(
            names = "--balance-at-least",
            paramLabel = "AMOUNT",
            description = "Pay only if the payer has at least that available before. Default: enough to pay")
    private @Nullable String balanceAtLeast;

    /** For picocli. */
    public TransferCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.client().connect()) {
            AssetView view = AssetView.of(api, asset);
            Amount minorUnits = view.parse(amount);
            Conditions conditions = new Conditions(
                    Moment.parse(notBefore),
                    Moment.parse(notAfter),
                    balanceAtLeast == null ? null : view.parse(balanceAtLeast));
            var command = new io.pacioli.ledger.core.Command.Transfer(
                    options.id(), asset, from, to, minorUnits, memo, conditions, options.metadata());
            String summary = from + " paid " + to + " " + view.describe(minorUnits.minorUnits());
            return options.submit(api, command, summary, view);
        }
    }
}
