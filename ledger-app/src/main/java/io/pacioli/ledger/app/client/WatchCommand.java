package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.service.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ledger watch}. */
@Command(
        name = "watch",
        description = {
            "Show changes of an account or an asset as they happen, until Ctrl-C.",
            "Such as: ledger watch alice, or ledger watch --asset GOLD",
            "Goes on where it was when the connection is lost."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class WatchCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @ArgGroup(multiplicity = "1")
    private Watched watched;

    @Option(
            names = "--position",
            paramLabel = "POSITIONS",
            description = "Begin behind this position of the journal, such as 3:1841, rather than now.")
    private @Nullable String position;

    @Option(names = "--count", paramLabel = "N", description = "End after so many entries.")
    private @Nullable Integer count;

    private final Map<String, AssetView> assets = new HashMap<>();
    private int seen;

    /** One of the two. */
    private static final class Watched {
        @Parameters(index = "0", paramLabel = "ACCOUNT", description = "The account.")
        private @Nullable String account;

        @Option(names = "--asset", paramLabel = "ASSET", description = "All accounts, for this asset.")
        private @Nullable String asset;
    }

    /** For picocli. */
    public WatchCommand() {}

    @Override
    public Integer call() {
        Terminal terminal = options.terminal();
        try (EventSource source = options.events();
                ApiClient api = options.connect()) {
            if (!options.json()) {
                terminal.line(terminal.faint("Watching " + name() + " ... Ctrl-C ends it"));
            }
            source.follow(path(), event -> show(event, terminal, api));
        }
        return 0;
    }

    private String name() {
        return watched.asset != null
                ? Fields.asset("asset", watched.asset)
                : Fields.account("account", String.valueOf(watched.account));
    }

    private String path() {
        String path = (watched.asset != null ? "/v1/assets/" : "/v1/accounts/") + ApiClient.segment(name()) + "/stream";
        return position == null ? path : path + "?position=" + ApiClient.segment(position);
    }

    private boolean show(EventReader.Event event, Terminal terminal, ApiClient api) {
        JsonNode data = json(event.data());
        switch (event.type()) {
            case "change", "status" -> {
                if (options.json()) {
                    terminal.line(data.toString());
                } else {
                    lines(data, terminal, api);
                }
                seen++;
            }
            case "problem" ->
                throw new CommandFailure(
                        data.path("code").asText() + ": " + data.path("detail").asText());
            default -> {
                // Where the stream begins, or an event of a later version.
            }
        }
        return count == null || seen < count;
    }

    /** Each posting as the history shows it, with its account when that is not the one that is watched. */
    private void lines(JsonNode entry, Terminal terminal, ApiClient api) {
        if (!entry.has("postings")) {
            terminal.line(terminal.faint(HistoryTable.time(entry.path("at").asText())) + "  "
                    + HistoryTable.words(entry.path("type").asText()) + "  "
                    + terminal.faint(entry.path("position").asText()));
            return;
        }
        for (JsonNode posting : entry.path("postings")) {
            learn(posting.path("asset").asText(), api);
            ObjectNode row = ((ObjectNode) entry).deepCopy();
            row.remove("postings");
            row.setAll((ObjectNode) posting);
            String account = watched.asset == null ? "" : row.path("account").asText() + "  ";
            HistoryTable.lines(Json.mapper().createArrayNode().add(row), AssetDirectory.of(assets.values()), terminal)
                    .forEach(line -> terminal.line(account + line));
        }
    }

    /** Streams go on when the service that knows assets is away: amounts are in minor units then. */
    private void learn(String asset, ApiClient api) {
        if (!assets.containsKey(asset)) {
            try {
                assets.put(asset, AssetView.of(api, asset));
            } catch (ApiFailure | CommandFailure e) {
                // Not asked again for each posting.
                assets.put(asset, new AssetView(asset, "", 0));
                options.terminal()
                        .err()
                        .println("ledger: amounts of " + asset + " are in minor units: " + e.getMessage());
            }
        }
    }

    private static JsonNode json(String data) {
        try {
            return Json.mapper().readTree(data);
        } catch (JsonProcessingException e) {
            throw new CommandFailure("the stream sent what is not JSON", e);
        }
    }
}
