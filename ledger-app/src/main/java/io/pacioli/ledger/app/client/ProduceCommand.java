package io.pacioli.ledger.app.client;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.KafkaOptions;
import io.pacioli.ledger.app.ProgressLine;
import io.pacioli.ledger.app.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ledger produce}. */
@Command(
        name = "produce",
        description = {
            "Send commands in bulk, straight to Kafka, from a file with one JSON object a line.",
            "Such as:",
            "  {\"type\":\"Transfer\",\"id\":\"t-1\",\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":\"1250\"}",
            "Amounts are in minor units. A line that is no command is reported with its number, and the exit code is 1."
        })
@SuppressWarnings("NullAway.Init") // picocli fills in what is annotated
public final class ProduceCommand implements Callable<Integer> {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    @Mixin
    private KafkaOptions kafka;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file, or - for standard input.")
    private String file;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "A running 'ledger up' that tells where Kafka is, unless --bootstrap-servers does."
                    + " Default: ${DEFAULT-VALUE}")
    private URI url;

    @Option(names = "--wait", description = "Wait for the outcomes and count them, accepted and rejected by code.")
    private boolean wait;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Send so many commands at a time, at most " + BulkProducer.BATCH_MAX
                    + ", those of a shard in one record; each still has its own outcome. Default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(names = "--skip-malformed", description = "Lines that are no command do not make the exit code 1.")
    private boolean skipMalformed;

    @Spec
    private CommandSpec spec;

    /** For picocli. */
    public ProduceCommand() {}

    @Override
    public Integer call() {
        if (batch < 1 || batch > BulkProducer.BATCH_MAX) {
            throw new CommandFailure("--batch must be 1 to " + BulkProducer.BATCH_MAX);
        }
        Terminal terminal = Terminal.of(spec.commandLine());
        Map<String, String> properties = kafka.properties(this::discovered);
        Topics topics = kafka.topics();
        requireKafka(properties);
        LedgerClientSettings settings =
                new LedgerClientSettings(properties, topics, TIMEOUT, LedgerClientSettings.IN_FLIGHT_DEFAULT);
        try (InputStream in = open();
                JsonLines lines = new JsonLines(in, BulkProducer.LINE_BYTES_MAX);
                LedgerClient client = LedgerClient.connect(settings)) {
            BulkProducer producer = new BulkProducer(client, wait, batch, terminal.err());
            try (ProgressLine progress = ProgressLine.start(terminal, "Producing", size(), " bytes")) {
                producer.produce(lines, progress);
            }
            producer.report(terminal);
            return producer.failed() || (producer.malformed() > 0 && !skipMalformed) ? 1 : 0;
        } catch (IOException e) {
            throw new CommandFailure("cannot read " + file + ": " + e, e);
        } catch (KafkaException e) {
            throw new CommandFailure(
                    "cannot produce to " + properties.get("bootstrap.servers") + ": " + e.getMessage(), e);
        }
    }

    /** Tells of a broker that is not there after seconds, where the client itself would wait for minutes. */
    private static void requireKafka(Map<String, String> properties) {
        try (Admin admin = Admin.create(new HashMap<>(properties))) {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs((int) CONNECT.toMillis()))
                    .clusterId()
                    .get();
        } catch (ExecutionException | KafkaException e) {
            throw new CommandFailure(
                    "Kafka at " + properties.get("bootstrap.servers") + " cannot be reached within "
                            + CONNECT.toSeconds() + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted", e);
        }
    }

    private String discovered() {
        try (ApiClient api = new ApiClient(List.of(url), TIMEOUT)) {
            String servers = api.get("/v1/info").path("kafka").asText("");
            if (servers.isEmpty()) {
                throw new CommandFailure(url + " does not tell where Kafka is: give --bootstrap-servers");
            }
            return servers;
        } catch (ApiFailure e) {
            throw new CommandFailure(url + " does not tell where Kafka is: give --bootstrap-servers", e);
        }
    }

    private InputStream open() throws IOException {
        return file.equals("-") ? System.in : Files.newInputStream(Path.of(file));
    }

    private long size() throws IOException {
        return file.equals("-") ? -1 : Files.size(Path.of(file));
    }
}
