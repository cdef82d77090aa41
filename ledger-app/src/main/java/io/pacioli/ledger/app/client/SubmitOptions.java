package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.CommandIds;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.service.Durations;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What everything that sends one command can be told. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class SubmitOptions {
    @Mixin
    private ClientOptions client;

    @Option(
            names = "--id",
            paramLabel = "ID",
            description =
                    "The command's id. The same id and content again gives the first outcome again, and nothing happens"
                            + " twice. Default: a new UUIDv7")
    private @Nullable String id;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "How long to wait for the outcome, up to 30s. Default: ${DEFAULT-VALUE}")
    private String wait;

    @Option(
            names = "--metadata",
            paramLabel = "KEY=VALUE",
            description = "Your own text to go with the command; may be given several times.")
    private Map<String, String> metadata = new LinkedHashMap<>();

    /** For picocli. */
    public SubmitOptions() {}

    /** The options for the connection. */
    public ClientOptions client() {
        return client;
    }

    /** The id given, or a new one. */
    public String id() {
        if (id == null) {
            id = CommandIds.next();
        }
        return id;
    }

    /** The metadata given. */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Sends a command and tells what became of it.
     *
     * @param summary what has happened when the ledger accepts it
     * @param asset to write amounts in; null when the command has none
     * @return the exit code
     */
    public int submit(ApiClient api, Command command, String summary, @Nullable AssetView asset) {
        return submit(api, CommandCodec.encode(command), summary, asset);
    }

    /** Like {@link #submit(ApiClient, Command, String, AssetView)}, with a command's JSON as it is. */
    public int submit(ApiClient api, byte[] command, String summary, @Nullable AssetView asset) {
        Durations.parse(wait);
        ApiClient.Answer answer;
        try {
            answer = api.post("/v1/commands?wait=" + ApiClient.segment(wait), command);
        } catch (ApiFailure e) {
            throw asset == null ? e : readable(e, asset);
        }
        boolean waits = answer.body().has("type");
        if (answer.status() == 202 && !waits) {
            throw new CommandFailure("no outcome within " + wait
                    + ": the ledger has the command and will decide it; run this" + " again with --id "
                    + answer.body().path("commandId").asText() + " to learn the outcome");
        }
        if (client.json()) {
            client.print(answer.body());
        } else {
            Terminal terminal = client.terminal();
            JsonNode body = answer.body();
            String place =
                    body.path("type").asText() + " at " + body.path("position").asText();
            String told = waits && answer.status() == 202 ? "the command waits for its time" : summary;
            terminal.line(terminal.good("✔") + " " + told + "  " + terminal.faint(place));
        }
        return 0;
    }

    /** Says amounts in a rejection as people write them. */
    private static RuntimeException readable(ApiFailure failure, AssetView asset) {
        String limit = failure.member("limit");
        String value = failure.member("value");
        if (!failure.member("field").equals("amount") || !isNumber(limit) || !isNumber(value)) {
            return failure;
        }
        String rule = String.valueOf(failure.getMessage()).replaceFirst(": limit [^:]*$", "");
        return new CommandFailure(
                rule + ": limit " + asset.describe(new BigInteger(limit)) + ", value "
                        + asset.describe(new BigInteger(value)),
                failure);
    }

    private static boolean isNumber(String text) {
        return text.matches("-?[0-9]+");
    }
}
