package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.OptionRule;
import io.pacioli.ledger.service.HttpServer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a service listens. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class HttpOptions {
    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port for the HTTP API, /healthz, /readyz and /metrics; 0 for a free one."
                    + " Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--http-host",
            paramLabel = "ADDRESS",
            defaultValue = HttpServer.Settings.HOST,
            description = "The address to listen on; 0.0.0.0 for all. Default: ${DEFAULT-VALUE}, this machine only")
    private String host;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** For picocli. */
    public HttpOptions() {}

    /** What the server is started with. */
    HttpServer.Settings settings() {
        OptionRule.require(
                spec, "--http-port", port >= 0 && port <= HttpServer.PORT_MAX, "0 to " + HttpServer.PORT_MAX);
        return HttpServer.Settings.ofPort(port).withHost(host);
    }
}
