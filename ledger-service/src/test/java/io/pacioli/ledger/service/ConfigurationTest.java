package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @Test
    void passesKafkaSettingsThrough(@TempDir Path directory) throws IOException {
        Path secret = directory.resolve("jaas");
        Files.writeString(secret, "required password=\"p\";\r\n");
        Configuration configuration = Configuration.of(Map.of(
                "LEDGER_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "LEDGER_KAFKA_BOOTSTRAP_SERVERS", "a:9092,b:9092",
                "LEDGER_KAFKA_SASL_JAAS_CONFIG_FILE", secret.toString(),
                "LEDGER_KAFKA_CLIENT_ID", "",
                "KAFKA_OPTS", "-X",
                "LEDGER_POSTGRES_URL", "jdbc:postgresql://db/ledger"));
        assertThat(configuration.kafka())
                .containsExactly(
                        Map.entry("bootstrap.servers", "a:9092,b:9092"),
                        Map.entry("sasl.jaas.config", "required password=\"p\";"),
                        Map.entry("security.protocol", "SASL_SSL"));
    }

    @Test
    void readsSecretsFromFiles(@TempDir Path directory) throws IOException {
        Path secret = directory.resolve("password");
        Files.writeString(secret, " two\nlines \n");
        assertThat(Configuration.of(Map.of("LEDGER_P_FILE", secret.toString())).text("LEDGER_P"))
                .hasValue(" two\nlines ");
        assertThat(Configuration.of(Map.of("LEDGER_P", "x")).required("LEDGER_P"))
                .isEqualTo("x");
        assertThat(Configuration.of(Map.of("LEDGER_P", " ")).text("LEDGER_P")).isEmpty();
    }

    @Test
    void tellsWhatIsWrongInOneLineWithoutTheSecret(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Path large = directory.resolve("large");
        Files.write(large, new byte[(1 << 16) + 1]);
        assertRefused(Map.of(), "LEDGER_P must be set (or LEDGER_P_FILE)");
        assertRefused(
                Map.of("LEDGER_P", "hunter2", "LEDGER_P_FILE", missing.toString()),
                "LEDGER_P and LEDGER_P_FILE must not both be set");
        assertRefused(Map.of("LEDGER_P_FILE", missing.toString()), "LEDGER_P_FILE: there is no such file: " + missing);
        assertRefused(Map.of("LEDGER_P_FILE", large.toString()), "LEDGER_P_FILE: larger than 64 KiB: " + large);
        assertRefused(Map.of("LEDGER_P_FILE", directory.toString()), "LEDGER_P_FILE: cannot be read: " + directory);
        assertThatThrownBy(() -> Configuration.of(Map.of("LEDGER_KAFKA_", "x")).kafka())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("LEDGER_KAFKA_ must name a Kafka setting after LEDGER_KAFKA_");
    }

    private static void assertRefused(Map<String, String> environment, String message) {
        assertThatThrownBy(() -> Configuration.of(environment).required("LEDGER_P"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(message);
    }

    @Test
    void readsNumbersAndDurations() {
        Configuration configuration = Configuration.of(Map.of("N", "7", "BAD", "x", "D", "250ms"));
        assertThat(configuration.integer("N", 1, 1, 10)).isEqualTo(7);
        assertThat(configuration.integer("ABSENT", 1, 1, 10)).isEqualTo(1);
        assertThat(configuration.duration("D", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
        assertThat(configuration.duration("ABSENT", Duration.ZERO)).isEqualTo(Duration.ZERO);
        assertThatThrownBy(() -> configuration.integer("N", 1, 8, 10))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("N must be a whole number from 8 to 10: N=7");
        assertThatThrownBy(() -> configuration.integer("BAD", 1, 8, 10))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("BAD must be a whole number from 8 to 10: BAD=x");
        assertThatThrownBy(() -> configuration.duration("BAD", Duration.ZERO))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("BAD must be a duration such as 250ms, 5s, 2m, 1h, 7d or PT1M30S: BAD=x");
    }
}
