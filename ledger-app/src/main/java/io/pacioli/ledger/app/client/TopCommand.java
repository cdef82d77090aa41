package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import java.math.BigInteger;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger top}. */
@Command(
        name = "top",
        description = {"Show who has the most of an asset.", "Such as: ledger top GOLD --limit 10"})
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class TopCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private PositionOption position;

    @Parameters(index = "0", paramLabel = "ASSET", description = "The asset's code.")
    private String asset;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many accounts, up to 1000. Default: ${DEFAULT-VALUE}")
    private int limit;

    /** For picocli. */
    public TopCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.connect()) {
            JsonNode answer = api.get(position.on(path(asset), "limit=" + limit));
            if (options.json()) {
                options.print(answer);
                return 0;
            }
            Terminal terminal = options.terminal();
            AssetView view = AssetView.of(api, asset);
            terminal.line(terminal.bold(asset) + (view.emoji().isEmpty() ? "" : " " + view.emoji()));
            lines(answer, view).forEach(line -> terminal.line("  " + line));
            return 0;
        }
    }

    /** The path of an asset's leaderboard. */
    public static String path(String asset) {
        return "/v1/assets/" + ApiClient.segment(asset) + "/leaderboard";
    }

    /** A leaderboard as lines for people. */
    public static List<String> lines(JsonNode leaderboard, AssetView asset) {
        TextTable table = new TextTable("rlr");
        for (JsonNode leader : leaderboard.path("leaders")) {
            table.row(
                    leader.path("rank").asText(),
                    leader.path("account").asText(),
                    asset.format(new BigInteger(leader.path("total").asText())));
        }
        return table.isEmpty() ? List.of("nobody has any") : table.lines();
    }
}
