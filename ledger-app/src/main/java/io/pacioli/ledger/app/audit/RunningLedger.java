package io.pacioli.ledger.app.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.client.ApiClient;
import io.pacioli.ledger.app.client.ApiFailure;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where the topics are: as given, or as a running {@code ledger up} tells. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class RunningLedger {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "A running 'ledger up' that tells where everything is, unless --bootstrap-servers does."
                    + " Default: ${DEFAULT-VALUE}")
    private URI url;

    private @Nullable JsonNode info;

    /** For picocli. */
    public RunningLedger() {}

    /** Where Kafka is. */
    public KafkaOptions kafka() {
        return kafka;
    }

    /** Properties for Kafka's clients. */
    public Map<String, String> properties() {
        return kafka.properties(() -> told("kafka"));
    }

    /** What a running ledger tells about itself; null when nobody had to be asked. */
    @Nullable
    String known(String part) {
        return info == null ? null : info.path(part).asText(null);
    }

    private String told(String part) {
        try (ApiClient api = new ApiClient(List.of(url), TIMEOUT)) {
            JsonNode body = api.get("/v1/info");
            String text = body.path(part).asText("");
            if (text.isEmpty()) {
                throw new CommandFailure(url + " does not tell where Kafka is: give --bootstrap-servers");
            }
            info = body;
            return text;
        } catch (ApiFailure e) {
            throw new CommandFailure(url + " does not tell where Kafka is: give --bootstrap-servers", e);
        }
    }
}
