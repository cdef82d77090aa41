package io.pacioli.ledger.app;

import java.io.FileNotFoundException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * Whether key stores and logins can be used, found out without a connection: Kafka's clients say so when they connect only, in words that
 * look like those about a broker that is away. What a broker thinks of them is not known before it is there.
 */
final class KafkaSecurity {
    private KafkaSecurity() {}

    /**
     * Checks what is used of them.
     *
     * @param settings of Kafka's clients, parsed
     * @throws CommandFailure when no waiting will make them right; it repeats no value that may be secret. A file that is not there may be
     *     mounted later
     */
    static void check(Map<String, Object> settings) {
        String name = String.valueOf(settings.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG));
        SecurityProtocol protocol = SecurityProtocol.forName(name.toUpperCase(Locale.ROOT));
        boolean hasTls = protocol == SecurityProtocol.SSL || protocol == SecurityProtocol.SASL_SSL;
        if (hasTls && settings.get(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG) == null) {
            checkKeys(settings);
        }
        if (protocol == SecurityProtocol.SASL_PLAINTEXT || protocol == SecurityProtocol.SASL_SSL) {
            checkLogin(settings);
        }
    }

    private static void checkKeys(Map<String, Object> settings) {
        try (DefaultSslEngineFactory keys = new DefaultSslEngineFactory()) {
            keys.configure(settings);
        } catch (KafkaException e) {
            if (!isAboutAMissingFile(e)) {
                String reason = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
                throw new CommandFailure("LEDGER_KAFKA_SSL_*: " + e.getMessage() + reason, e);
            }
        }
    }

    private static boolean isAboutAMissingFile(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost instanceof NoSuchFileException || innermost instanceof FileNotFoundException;
    }

    private static void checkLogin(Map<String, Object> settings) {
        try {
            for (AppConfigurationEntry entry :
                    JaasContext.loadClientContext(settings).configurationEntries()) {
                Class.forName(
                        entry.getLoginModuleName(),
                        false,
                        Thread.currentThread().getContextClassLoader());
            }
        } catch (IllegalArgumentException | SecurityException | ClassNotFoundException e) {
            // What these say may repeat a part of the value, which has a password in it as a rule.
            throw new CommandFailure("LEDGER_KAFKA_SASL_JAAS_CONFIG must be the class of a login module that there is,"
                    + " a control flag, options such as username=\"...\", and a semicolon");
        }
    }
}
