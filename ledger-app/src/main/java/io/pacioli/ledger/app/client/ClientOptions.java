package io.pacioli.ledger.app.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.Terminal;
import io.pacioli.ledger.app.VerboseOption;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every client over HTTP can be told. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class ClientOptions {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(45);

    @Mixin
    @SuppressWarnings("UnusedVariable") // read where failures are told
    private VerboseOption verbose;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            split = ",",
            description = "Where the ledger is; several addresses with commas between when each service runs alone."
                    + " Default: ${DEFAULT-VALUE}")
    private List<URI> urls;

    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** For picocli. */
    public ClientOptions() {}

    /** A connection to the ledger. */
    public ApiClient connect() {
        return new ApiClient(urls, ANSWER_MAX);
    }

    /** A connection to the ledger's streams. */
    EventSource events() {
        return new EventSource(urls);
    }

    /** Where the ledger is, as given. */
    public String url() {
        return urls.stream().map(URI::toString).collect(Collectors.joining(","));
    }

    /** Whether to print JSON. */
    public boolean json() {
        return json;
    }

    /** Where to print. */
    public Terminal terminal() {
        return Terminal.of(commandLine());
    }

    /** Prints JSON for machines. */
    public void print(JsonNode node) {
        terminal().line(node.toPrettyString());
    }

    private CommandLine commandLine() {
        return spec.commandLine();
    }
}
