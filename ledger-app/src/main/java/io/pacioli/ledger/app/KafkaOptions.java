package io.pacioli.ledger.app;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.service.Configuration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where Kafka is, and how to talk to it. */
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class KafkaOptions {
    private static final String SERVERS = "bootstrap.servers";
    private static final int PORT_MAX = 65_535;
    private static final Set<String> NAMES = Stream.of(
                    AdminClientConfig.configNames(),
                    ConsumerConfig.configNames(),
                    ProducerConfig.configNames(),
                    StreamsConfig.configDef().names())
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

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
            properties.put(SERVERS, bootstrapServers);
        } else if (!properties.containsKey(SERVERS)) {
            properties.put(SERVERS, otherwise.get());
        }
        check(properties);
        return properties;
    }

    /** What no waiting will make right is told at once: a server without a port, a value that Kafka's clients refuse, a name misspelled. */
    private static void check(Map<String, String> properties) {
        String servers = String.valueOf(properties.get(SERVERS));
        for (String server : servers.split(",", -1)) {
            Integer port = Utils.getPort(server.strip());
            String host = Utils.getHost(server.strip());
            boolean isNamed = host != null && !host.isEmpty() && server.strip().indexOf(' ') < 0;
            if (!isNamed || port == null || port < 1 || port > PORT_MAX) {
                throw new CommandFailure(
                        "LEDGER_BOOTSTRAP_SERVERS (--bootstrap-servers) must be host:port, several with commas between: "
                                + servers);
            }
        }
        properties.keySet().forEach(KafkaOptions::checkName);
        KafkaSecurity.check(parsed(properties));
    }

    private static Map<String, Object> parsed(Map<String, String> properties) {
        try {
            return AdminClientConfig.configDef().parse(new HashMap<>(properties));
        } catch (ConfigException e) {
            throw new CommandFailure("LEDGER_KAFKA_*: " + e.getMessage(), e);
        }
    }

    /** Plugins of Kafka's clients have settings of their own, so a name that nothing knows is wrong only where it is nearly a known one. */
    private static void checkName(String name) {
        if (!NAMES.contains(name)) {
            UnknownVariables.nearest(name, NAMES).ifPresent(nearest -> {
                throw new CommandFailure(
                        variable(name) + " is no setting of Kafka's clients; did you mean " + variable(nearest) + "?");
            });
        }
    }

    private static String variable(String name) {
        return "LEDGER_KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
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
