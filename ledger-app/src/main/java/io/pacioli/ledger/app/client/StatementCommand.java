package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger statement}. */
@Command(
        name = "statement",
        description = {
            "Show an account's statement: opening balance, what changed it, closing balance.",
            "Such as: ledger statement alice GOLD --from 2026-11-01 --to 2026-12-01 --format html > alice.html",
            "Columns: time (here), change, asset, balance after it, what it was, position in the journal."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class StatementCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private PositionOption position;

    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The account.")
    private String account;

    @Parameters(index = "1", paramLabel = "ASSET", description = "The asset's code.")
    private String asset;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "The first moment of it, UTC: a date or an instant. Default: the beginning")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "The first moment after it, UTC: a date or an instant. Default: now")
    private @Nullable String to;

    /** How it is printed. */
    enum Form {
        /** For a terminal. */
        TEXT,
        /** For spreadsheets. */
        CSV,
        /** A page to print. */
        HTML
    }

    @Option(
            names = "--format",
            paramLabel = "FORM",
            defaultValue = "text",
            description = "How it is printed: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Form form;

    /** For picocli. */
    public StatementCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.connect()) {
            if (form != Form.TEXT && !options.json()) {
                options.terminal()
                        .line(api.text(path("format=" + form.name().toLowerCase(Locale.ROOT)))
                                .stripTrailing());
                return 0;
            }
            JsonNode statement = api.get(path("format=json"));
            if (options.json()) {
                options.print(statement);
            } else {
                print(statement);
            }
            return 0;
        }
    }

    private String path(String format) {
        List<String> parameters = new ArrayList<>(List.of("asset=" + ApiClient.segment(asset), format));
        if (from != null) {
            parameters.add("from=" + ApiClient.segment(from));
        }
        if (to != null) {
            parameters.add("to=" + ApiClient.segment(to));
        }
        return position.on(
                "/v1/accounts/" + ApiClient.segment(account) + "/statement", parameters.toArray(String[]::new));
    }

    private void print(JsonNode statement) {
        Terminal terminal = options.terminal();
        AssetView view = new AssetView(asset, "", statement.path("decimals").asInt());
        terminal.line(terminal.bold(account + " " + asset)
                + terminal.faint("  " + statement.path("from").asText() + " to "
                        + statement.path("to").asText() + ", as of "
                        + statement.path("asOf").asText()));
        balance("opening balance", statement.path("opening"), view).forEach(line -> terminal.line("  " + line));
        HistoryTable.lines(statement.path("entries"), AssetDirectory.of(List.of(view)), terminal)
                .forEach(line -> terminal.line("    " + line));
        balance("closing balance", statement.path("closing"), view).forEach(line -> terminal.line("  " + line));
        JsonNode totals = statement.path("totals");
        terminal.line(terminal.faint("  " + amount(totals, "in", view) + " in and " + amount(totals, "out", view)
                + " out by " + totals.path("entries").asText() + " entries"));
    }

    private static List<String> balance(String name, JsonNode amounts, AssetView view) {
        String held = amounts.path("held").asText();
        return new TextTable("llr")
                .row(
                        name,
                        amount(amounts, "total", view),
                        held.equals("0") ? "" : "of it held " + amount(amounts, "held", view))
                .lines();
    }

    private static String amount(JsonNode amounts, String member, AssetView view) {
        return view.format(new BigInteger(amounts.path(member).asText()));
    }
}
