package io.pacioli.ledger.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KafkaSecurityTest {
    private static final String PASSWORD = "hunter2";
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required username=me";

    @TempDir
    private Path scratch = Path.of("");

    private static void check(Map<String, String> properties) {
        KafkaSecurity.check(AdminClientConfig.configDef().parse(new HashMap<>(properties)));
    }

    /** One line that repeats no secret. */
    private static String refused(Map<String, String> properties) {
        String message = Objects.requireNonNull(assertThatExceptionOfType(CommandFailure.class)
                .isThrownBy(() -> check(properties))
                .actual()
                .getMessage());
        assertThat(message).startsWith("LEDGER_KAFKA_").doesNotContain(PASSWORD, "\n");
        return message;
    }

    private static Map<String, String> trusting(Path store) {
        return Map.of(
                "security.protocol",
                "SSL",
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                store.toString(),
                "ssl.truststore.password",
                PASSWORD);
    }

    private static Map<String, String> loggingIn(String jaas) {
        return Map.of("security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN", "sasl.jaas.config", jaas);
    }

    private static void writeStore(Path store, String password) throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        try (OutputStream out = Files.newOutputStream(store)) {
            keys.store(out, password.toCharArray());
        }
    }

    @Test
    void aKeyStoreThatCannotBeUsedIsNotWaitedFor() throws Exception {
        Path store = scratch.resolve("trust.p12");
        writeStore(store, "another");
        assertThat(refused(trusting(store))).contains(store.toString());
        Files.writeString(store, "no key store");
        assertThat(refused(trusting(store))).contains(store.toString());
        Map<String, String> pem = Map.of(
                "security.protocol", "SASL_SSL",
                "ssl.truststore.type", "PEM",
                "ssl.truststore.certificates", PASSWORD,
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", PLAIN + ";");
        assertThat(refused(pem)).contains("LEDGER_KAFKA_SSL_");
    }

    @Test
    void aKeyStoreThatIsNotThereMayBeMountedLater() {
        assertThatCode(() -> check(trusting(scratch.resolve("later.p12")))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PASSWORD,
                PLAIN + " password=" + PASSWORD,
                PLAIN + " password " + PASSWORD + ";",
                "org.apache.kafka.PlainLoginModul required username=me password=" + PASSWORD + ";"
            })
    void aLoginThatIsNoneIsNotWaitedFor(String jaas) {
        assertThat(refused(loggingIn(jaas))).contains("LEDGER_KAFKA_SASL_JAAS_CONFIG");
    }

    @Test
    void aLoginThatIsMissingIsNotWaitedFor() {
        assertThat(refused(Map.of("security.protocol", "SASL_PLAINTEXT"))).contains("LEDGER_KAFKA_SASL_JAAS_CONFIG");
    }

    @Test
    void whatCanBeUsedOrIsNotUsedIsLeftAlone() throws Exception {
        Path store = scratch.resolve("trust.p12");
        writeStore(store, PASSWORD);
        assertThatCode(() -> check(trusting(store))).doesNotThrowAnyException();
        assertThatCode(() -> check(loggingIn(PLAIN + " password=" + PASSWORD + ";")))
                .doesNotThrowAnyException();
        assertThatCode(() -> check(Map.of("sasl.jaas.config", PASSWORD, "ssl.truststore.type", "PEM")))
                .doesNotThrowAnyException();
    }
}
