package io.pacioli.ledger.app;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.service.Configuration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where Kafka is, and how to talk to it. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class KafkaOptions {
    @Mixin
    private VerboseOption verbose;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            description = "Where Kafka is. Any setting of Kafka's clients can be given by a variable, such as"
                    + " LEDGER_KAFKA_SECURITY_PROTOCOL, or LEDGER_KAFKA_SASL_JAAS_CONFIG_FILE for a secret.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--topic-prefix",
            paramLabel = "NAME",
            defaultValue = "ledger",
            description = "The first part of the topics' names, for several ledgers on one cluster."
                    + " Default: ${DEFAULT-VALUE}")
    private String topicPrefix;

    /** For picocli. */
    public KafkaOptions() {}

    /**
     * Properties for Kafka's clients.
     *
     * @param otherwise tells the bootstrap servers when they are not given
     */
    public Map<String, String> properties(Supplier<String> otherwise) {
        Map<String, String> properties =
                new HashMap<>(Configuration.of(System.getenv()).kafka());
        if (bootstrapServers != null) {
            properties.put("bootstrap.servers", bootstrapServers);
        } else if (!properties.containsKey("bootstrap.servers")) {
            properties.put("bootstrap.servers", otherwise.get());
        }
        return properties;
    }

    /** Properties for Kafka's clients; without bootstrap servers, Kafka is on this machine. */
    public Map<String, String> properties() {
        return properties(() -> "127.0.0.1:9092");
    }

    /** The ledger's topics. */
    public Topics topics() {
        return Topics.withPrefix(topicPrefix);
    }

    /** The first part of the topics' names. */
    public String topicPrefix() {
        return topicPrefix;
    }

    /** Whether the user wants to see everything. */
    public boolean isVerbose() {
        return verbose.isVerbose();
    }
}
