package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.OptionRule;
import io.pacioli.ledger.gateway.GatewayService;
import io.pacioli.ledger.gateway.GatewaySettings;
import io.pacioli.ledger.gateway.stream.StreamSettings;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ledger gateway}. */
@Command(
        name = "gateway",
        description = {
            "Run a gateway: HTTP to commands, and outcomes back.",
            "Commands come in by POST /v1/commands, changes go out by /v1/accounts/ACCOUNT/stream and",
            "/v1/assets/ASSET/stream. It has no state; run as many as you like."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class GatewayCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private HttpOptions http;

    @Option(
            names = "--in-flight-max",
            paramLabel = "N",
            defaultValue = "10000",
            description =
                    "Most commands that wait for their outcome at a time; more are refused with 503 and Retry-After. The"
                            + " longest that an accepted one waits is about this many by what the processors decide in a second."
                            + " Default: ${DEFAULT-VALUE}")
    private int inFlightMax;

    @Option(
            names = "--streams-max",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Most streams that are open at a time. Default: ${DEFAULT-VALUE}")
    private int streamsMax;

    @Option(
            names = "--stream-heartbeat",
            paramLabel = "DURATION",
            defaultValue = "15s",
            description = "How long a stream is silent at most, up to 20s. Default: ${DEFAULT-VALUE}")
    private Duration streamHeartbeat;

    @Option(
            names = "--stream-resume-max",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "How many entries of a shard a stream may go back. Default: ${DEFAULT-VALUE}")
    private long streamResumeMax;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public GatewayCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        Logging.toConsole(kafka.isVerbose());
        OptionRule.require(spec, "--in-flight-max", inFlightMax >= 1, "1 or more");
        OptionRule.require(spec, "--streams-max", streamsMax >= 1, "1 or more");
        OptionRule.require(spec, "--stream-resume-max", streamResumeMax >= 1, "1 or more");
        boolean isPulse = streamHeartbeat.compareTo(StreamSettings.HEARTBEAT_MIN) >= 0
                && streamHeartbeat.compareTo(StreamSettings.HEARTBEAT_MAX) <= 0;
        OptionRule.require(spec, "--stream-heartbeat", isPulse, "10ms to 20s");
        StreamSettings streams = StreamSettings.DEFAULT
                .withStreamsMax(streamsMax)
                .withHeartbeat(streamHeartbeat)
                .withResumeMax(streamResumeMax);
        GatewaySettings settings = GatewaySettings.of(kafka.properties(), kafka.topics())
                .withInFlightMax(inFlightMax)
                .withStreams(streams);
        return ServiceProcess.run(http.settings(), (health, metrics) -> new GatewayService(settings, health, metrics));
    }
}
