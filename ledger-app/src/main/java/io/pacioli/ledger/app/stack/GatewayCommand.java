package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.gateway.GatewayService;
import io.pacioli.ledger.gateway.GatewaySettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ledger gateway}. */
@Command(
        name = "gateway",
        description = {
            "Run a gateway: HTTP to commands, and outcomes back.",
            "Commands come in by POST /v1/commands. It has no state; run as many as you like."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class GatewayCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private HttpOptions http;

    /** For picocli. */
    public GatewayCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(kafka.isVerbose());
        GatewaySettings settings = GatewaySettings.of(kafka.properties(), kafka.topics());
        return ServiceProcess.run(http.settings(), (health, metrics) -> new GatewayService(settings, health, metrics));
    }
}
