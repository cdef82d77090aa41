package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.Terminal;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger history}. */
@Command(
        name = "history",
        description = {
            "Show what changed an account, newest first.",
            "Such as: ledger history alice --limit 20",
            "Columns: time (here), change, asset, balance after it, what it was, position in the journal."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class HistoryCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private PositionOption position;

    @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The account.")
    private String account;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many entries, up to 500. Default: ${DEFAULT-VALUE}")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where an earlier answer ended.")
    private @Nullable String cursor;

    /** For picocli. */
    public HistoryCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.connect()) {
            String path = "/v1/accounts/" + ApiClient.segment(account) + "/entries";
            String page = "limit=" + limit;
            JsonNode answer = api.get(
                    cursor == null
                            ? position.on(path, page)
                            : position.on(path, page, "cursor=" + ApiClient.segment(cursor)));
            if (options.json()) {
                options.print(answer);
                return 0;
            }
            Terminal terminal = options.terminal();
            terminal.line(terminal.bold(account));
            HistoryTable.lines(answer.path("entries"), AssetDirectory.of(api), terminal)
                    .forEach(line -> terminal.line("  " + line));
            String next = answer.path("nextCursor").asText("");
            if (!next.isEmpty()) {
                terminal.line(terminal.faint("  more: ledger history " + account + " --cursor " + next));
            }
            return 0;
        }
    }
}
