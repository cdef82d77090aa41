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
import picocli.CommandLine.Parameters;

/** {@code ledger balance}. */
@Command(
        name = "balance",
        description = {"Show what an account has, now.", "Such as: ledger balance alice"})
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class BalanceCommand implements Callable<Integer> {
    private static final BigInteger ZERO = BigInteger.ZERO;

    @Mixin
    private ClientOptions options;

    @Mixin
    private PositionOption position;

    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The account.")
    private String account;

    @Parameters(index = "1", arity = "0..1", paramLabel = "ASSET", description = "Only this asset.")
    private @Nullable String asset;

    /** For picocli. */
    public BalanceCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.connect()) {
            JsonNode answer = api.get(position.on("/v1/accounts/" + ApiClient.segment(account) + "/balances"));
            if (options.json()) {
                options.print(answer);
            } else {
                print(answer, options.terminal());
            }
            return 0;
        }
    }

    private void print(JsonNode answer, Terminal terminal) {
        TextTable table = new TextTable("rll");
        for (JsonNode balance : answer.path("balances")) {
            if (asset == null || asset.equals(balance.path("asset").asText())) {
                table.row(
                        amount(balance, "available"),
                        balance.path("asset").asText(),
                        terminal.faint(reserved(balance)));
            }
        }
        String status = answer.path("status").asText();
        terminal.line(terminal.bold(account)
                + (status.equals("open") ? "" : "  " + status)
                + terminal.faint("  as of " + answer.path("asOf").asText()));
        if (table.isEmpty()) {
            terminal.line("  nothing" + (asset == null ? "" : " of " + asset));
        }
        table.lines().forEach(line -> terminal.line("  " + line));
    }

    /** What is there and cannot be spent. */
    private static String reserved(JsonNode balance) {
        StringBuilder text = new StringBuilder();
        for (String bucket : new String[] {"held", "locked", "staked"}) {
            if (!new BigInteger(balance.path(bucket).asText("0")).equals(ZERO)) {
                text.append(text.isEmpty() ? "and " : ", ")
                        .append(amount(balance, bucket))
                        .append(' ')
                        .append(bucket);
            }
        }
        return text.toString();
    }

    private static String amount(JsonNode balance, String bucket) {
        return AmountText.format(
                new BigInteger(balance.path(bucket).asText("0")),
                balance.path("decimals").asInt(0));
    }
}
