package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.TextTable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ledger health}. */
@Command(
        name = "health",
        description = {"Ask a service whether it lives, or is ready.", "Exit code 0 when it is, 1 when it is not."})
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class HealthCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions options;

    @Option(
            names = "--ready",
            description = "Ask whether it is ready for traffic (/readyz) rather than alive (/healthz).")
    private boolean ready;

    /** For picocli. */
    public HealthCommand() {}

    @Override
    public Integer call() {
        try (ApiClient api = options.connect()) {
            JsonNode health = api.get(ready ? "/readyz" : "/healthz");
            if (options.json()) {
                options.print(health);
                return 0;
            }
            Terminal terminal = options.terminal();
            terminal.line(terminal.good("✔") + " " + options.url() + (ready ? " is ready" : " is alive"));
            table(health).lines().forEach(line -> terminal.line("  " + line));
            return 0;
        } catch (ApiFailure e) {
            throw new CommandFailure(
                    options.url() + " is not " + (ready ? "ready" : "well") + ": " + e.getMessage(), e);
        }
    }

    private static TextTable table(JsonNode health) {
        TextTable table = new TextTable("lll");
        for (JsonNode component : health.path("components")) {
            table.row(
                    component.path("name").asText(),
                    component.path("status").asText(),
                    component.path("detail").asText(""));
        }
        return table;
    }
}
