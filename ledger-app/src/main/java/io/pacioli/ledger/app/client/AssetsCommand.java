package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import java.math.BigInteger;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ledger assets}. */
@Command(name = "assets", description = "List all assets and how much of each circulates.")
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class AssetsCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Mixin
    private PositionOption position;

    /** For picocli. */
    public AssetsCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.connect()) {
            JsonNode answer = api.get(position.on(AssetDirectory.LIVE), position.on(AssetDirectory.KEPT));
            if (options.json()) {
                options.print(answer);
                return 0;
            }
            Terminal terminal = options.terminal();
            TextTable table = new TextTable("llrrr");
            table.row("asset", "name", "decimals", "supply", "maximum");
            for (JsonNode asset : answer.path("assets")) {
                AssetView view = AssetView.of(asset);
                String maximum = asset.path("maxSupply").asText("");
                table.row(
                        view.code(),
                        (asset.path("name").asText() + " " + view.emoji()).strip(),
                        Integer.toString(view.decimals()),
                        view.format(new BigInteger(asset.path("supply").asText("0"))),
                        maximum.isEmpty() ? "none" : view.format(new BigInteger(maximum)));
            }
            if (table.lines().size() == 1) {
                terminal.line("There is no asset yet: define one with 'ledger define-asset'.");
                return 0;
            }
            table.lines().forEach(terminal::line);
            return 0;
        }
    }
}
