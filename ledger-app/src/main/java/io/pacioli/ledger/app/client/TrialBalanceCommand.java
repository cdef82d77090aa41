package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.AmountText;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger trial-balance}. */
@Command(
        name = "trial-balance",
        description = {
            "Show what all accounts have together, asset by asset; each line sums to zero.",
            "Such as: ledger trial-balance --at 2026-12-01"
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class TrialBalanceCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private PositionOption position;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "As of then, UTC: a date, an instant, or positions of all shards. Default: now")
    private @Nullable String at;

    /** For picocli. */
    public TrialBalanceCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.connect()) {
            String path = "/v1/reports/trial-balance";
            JsonNode answer =
                    api.get(at == null ? position.on(path) : position.on(path, "at=" + ApiClient.segment(at)));
            if (options.json()) {
                options.print(answer);
                return 0;
            }
            Terminal terminal = options.terminal();
            terminal.line(terminal.faint(
                    "as of " + answer.path("at").asText(answer.path("asOf").asText())));
            table(answer).lines().forEach(terminal::line);
            return 0;
        }
    }

    private static TextTable table(JsonNode answer) {
        TextTable table = new TextTable("lrrrrrrr")
                .row("", "available", "held", "locked", "staked", "issuer", "in transit", "sum");
        for (JsonNode asset : answer.path("assets")) {
            int decimals = asset.path("decimals").asInt();
            JsonNode clients = asset.path("clients");
            table.row(
                    asset.path("asset").asText(),
                    amount(clients, "available", decimals),
                    amount(clients, "held", decimals),
                    amount(clients, "locked", decimals),
                    amount(clients, "staked", decimals),
                    amount(asset, "issuer", decimals),
                    amount(asset, "clearing", decimals),
                    amount(asset, "sum", decimals));
        }
        return table;
    }

    private static String amount(JsonNode amounts, String member, int decimals) {
        return AmountText.format(new BigInteger(amounts.path(member).asText()), decimals);
    }
}
