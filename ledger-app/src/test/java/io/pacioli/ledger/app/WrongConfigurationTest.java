package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a service's settings is told before anything is started, in one line, with the variable, the rule and the value. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WrongConfigurationTest {
    @TempDir
    private Path scratch = Path.of("");

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "processor, LEDGER_SHARDS, six, is not an int",
                "processor, LEDGER_SHARDS, 0, must be 1 to 1000",
                "processor, LEDGER_SHARDS, 1001, must be 1 to 1000",
                "processor, LEDGER_REPLICATION_FACTOR, 0, must be 1 or more",
                "processor, LEDGER_THREADS, -1, must be 1 or more",
                "processor, LEDGER_STANDBY_REPLICAS, -1, must be 0 or more",
                "processor, LEDGER_COMMIT_INTERVAL, soon, must be a duration such as 250ms",
                "processor, LEDGER_COMMIT_INTERVAL, 0ms, must be 1ms to 2500ms",
                "processor, LEDGER_COMMIT_INTERVAL, 3s, must be 1ms to 2500ms",
                "processor, LEDGER_IDEMPOTENCY_WINDOW, 7 days, must be a duration such as 250ms",
                "processor, LEDGER_STATE_DIR, /proc/ledger, must be a directory that can be written",
                "processor, LEDGER_HTTP_PORT, http, is not an int",
                "gateway, LEDGER_HTTP_PORT, 65536, must be 0 to 65535",
                "gateway, LEDGER_STREAMS_MAX, 0, must be 1 or more",
                "gateway, LEDGER_STREAM_RESUME_MAX, 1.5, is not a long",
                "gateway, LEDGER_STREAM_HEARTBEAT, 1h, must be 10ms to 20s",
                "projection-redis, LEDGER_HTTP_PORT, -1, must be 0 to 65535",
                "projection-redis, LEDGER_REDIS_NOTIFICATIONS, perhaps, is not a boolean",
                "projection-postgres, LEDGER_POSTGRES_URL, jdbc:mysql://127.0.0.1/ledger, must be a URL such as jdbc:postgresql:",
                "projection-postgres, LEDGER_POSTGRES_URL, jdbc:postgresql://127.0.0.1:port/ledger, must be a URL such as",
                "auditor, LEDGER_AUDIT_INTERVAL, 0s, must be more than zero",
                "up, LEDGER_SHARDS, six, is not an int",
                "up, LEDGER_PROJECTIONS, mongo, expected one of",
                "up, LEDGER_CHECKPOINT_ENTRIES, 0, must be 1 or more",
            })
    void namesTheVariableTheRuleAndTheValue(String command, String variable, String value, String rule) {
        CommandLineRun run = CommandLineRun.in(
                Map.of(
                        variable,
                        value,
                        "LEDGER_BOOTSTRAP_SERVERS",
                        "127.0.0.1:1",
                        "LEDGER_DATA_DIR",
                        scratch.toString()),
                command);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("ledger: " + variable + "=" + value + ": ")
                        .containsIgnoringCase(rule));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "processor; localhost",
                "gateway; localhost:",
                "gateway; localhost:99999",
                "projection-redis; http://localhost:9092/",
                "projection-postgres; localhost:9092,",
                "notary; localhost:9092 other:9092",
                "auditor; :9092"
            })
    void aServerWithoutAPortIsNotWaitedFor(String command, String servers) throws IOException {
        CommandLineRun run = CommandLineRun.in(
                Map.of(
                        "LEDGER_BOOTSTRAP_SERVERS",
                        servers,
                        "LEDGER_STATE_DIR",
                        scratch.toString(),
                        "LEDGER_CHECKPOINT_KEY_FILE",
                        Files.writeString(scratch.resolve("key"), "x").toString(),
                        "LEDGER_CHECKPOINT_PUBLIC_KEY_FILE",
                        Files.writeString(scratch.resolve("open"), "x").toString()),
                command);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("ledger: LEDGER_BOOTSTRAP_SERVERS")
                        .contains("must be host:port", servers));
    }

    @ParameterizedTest
    @CsvSource({
        "processor, LEDGER_SHADRS, LEDGER_SHARDS",
        "gateway, LEDGER_HTTP_PROT, LEDGER_HTTP_PORT",
        "projection-redis, LEDGER_REDIS_URL, LEDGER_REDIS_URI",
        "projection-postgres, LEDGER_POSTGRES_PASWORD, LEDGER_POSTGRES_PASSWORD",
        "notary, LEDGER_CHECKPOINT_INTERVALL, LEDGER_CHECKPOINT_INTERVAL"
    })
    void aVariableThatNothingReadsIsNotIgnored(String command, String variable, String meant) {
        CommandLineRun run = CommandLineRun.in(
                Map.of(variable, "7", "LEDGER_CHECKPOINT_KEY_FILE", "key", "LEDGER_CHECKPOINT_PUBLIC_KEY_FILE", "open"),
                command);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .isEqualTo("ledger: " + variable + " is no variable that anything reads; did you mean " + meant + "?");
    }

    @Test
    void whatOrchestratorsAddIsNoneOfOurs() {
        CommandLineRun run = CommandLineRun.in(
                Map.of(
                        "LEDGER_GATEWAY_SERVICE_HOST", "10.0.0.7",
                        "LEDGER_GATEWAY_SERVICE_PORT_HTTP", "8080",
                        "LEDGER_GATEWAY_PORT", "tcp://10.0.0.7:8080",
                        "LEDGER_GATEWAY_PORT_8080_TCP_ADDR", "10.0.0.7",
                        "LEDGER_BOOTSTRAP_SERVERS", "nowhere"),
                "gateway");

        assertThat(run.err()).contains("must be host:port");
    }

    /** A service called ledger-http has a variable that is one of ours by its name. */
    @Test
    void aVariableThatKubernetesAddedIsExplained() {
        CommandLineRun run = CommandLineRun.in(Map.of("LEDGER_HTTP_PORT", "tcp://10.0.0.7:8080"), "gateway");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(
                        line -> assertThat(line)
                                .startsWith("ledger: LEDGER_HTTP_PORT=tcp://10.0.0.7:8080: ")
                                .contains("is not an int")
                                .endsWith(
                                        "(Kubernetes adds this variable for a service of such a name: set enableServiceLinks: false)"));
    }

    @Test
    void clientsIgnoreWhatTheyDoNotKnow() {
        assertThat(CommandLineRun.in(Map.of("LEDGER_SOMETHING", "1"), "balance", "alice", "--url", "http://127.0.0.1:1")
                        .err())
                .contains("nobody answers");
    }

    @Test
    void keysThatAreNoneAreToldBeforeKafkaIsAwaited() throws IOException {
        Path key = Files.writeString(scratch.resolve("key.pem"), "secret?");
        CommandLineRun run = CommandLineRun.in(
                Map.of(
                        "LEDGER_BOOTSTRAP_SERVERS",
                        "127.0.0.1:1",
                        "LEDGER_CHECKPOINT_KEY_FILE",
                        key.toString(),
                        "LEDGER_CHECKPOINT_PUBLIC_KEY_FILE",
                        scratch.resolve("missing.pem").toString()),
                "notary");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("LEDGER_CHECKPOINT_PUBLIC_KEY_FILE", "missing.pem")
                        .doesNotContain("secret?"));
    }
}
