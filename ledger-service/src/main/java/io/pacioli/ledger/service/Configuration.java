package io.pacioli.ledger.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings from environment variables.
 *
 * <p>A variable that is blank counts as absent. Every one may be given as a file instead, as secrets are mounted:
 * {@code LEDGER_POSTGRES_PASSWORD_FILE=/run/secrets/postgres} stands for {@code LEDGER_POSTGRES_PASSWORD} with the file's content
 * less a line break at its end. No message repeats a value that may be secret. Immutable.
 */
public final class Configuration {
    private static final String KAFKA_PREFIX = "LEDGER_KAFKA_";
    private static final String FILE_SUFFIX = "_FILE";
    private static final int FILE_BYTES_MAX = 1 << 16;

    private final Map<String, String> environment;

    private Configuration(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The settings in these variables, such as {@link System#getenv()}. */
    public static Configuration of(Map<String, String> environment) {
        return new Configuration(environment);
    }

    /**
     * The value of a variable or the content of the file that it names with {@code _FILE}, or empty when neither is set.
     *
     * @throws ConfigurationException when both are set, or the file cannot be read or is larger than 64 KiB
     */
    public Optional<String> text(String name) {
        Optional<String> value = variable(name);
        Optional<String> file = variable(name + FILE_SUFFIX);
        if (value.isPresent() && file.isPresent()) {
            throw new ConfigurationException(name + " and " + name + FILE_SUFFIX + " must not both be set");
        }
        return file.isPresent() ? Optional.of(read(name + FILE_SUFFIX, file.get())) : value;
    }

    /**
     * Like {@link #text}, of a setting that must be there.
     *
     * @throws ConfigurationException when it is not
     */
    public String required(String name) {
        return text(name)
                .orElseThrow(() -> new ConfigurationException(name + " must be set (or " + name + FILE_SUFFIX + ")"));
    }

    /**
     * A whole number from {@code min} to {@code max}, or {@code absent} when it is not set.
     *
     * @throws ConfigurationException when it is anything else
     */
    public int integer(String name, int absent, int min, int max) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return absent;
        }
        String rule = name + " must be a whole number from " + min + " to " + max + ": " + name + "=" + value.get();
        try {
            int number = Integer.parseInt(value.get());
            if (number < min || number > max) {
                throw new ConfigurationException(rule);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new ConfigurationException(rule, e);
        }
    }

    /**
     * A duration in any form of {@link Durations}, or {@code absent} when it is not set.
     *
     * @throws ConfigurationException when it is anything else
     */
    public Duration duration(String name, Duration absent) {
        Optional<String> value = text(name);
        try {
            return value.map(Durations::parse).orElse(absent);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    name + " must be " + Durations.RULE + ": " + name + "=" + value.orElse(""), e);
        }
    }

    /**
     * The settings for every Kafka client: {@code LEDGER_KAFKA_SECURITY_PROTOCOL} is {@code security.protocol}, and
     * {@code LEDGER_KAFKA_SASL_JAAS_CONFIG_FILE} names the file that holds {@code sasl.jaas.config}.
     *
     * @return by name, in order; to be applied before what a service itself insists on
     * @throws ConfigurationException when a variable has no name after its prefix, is set twice, or its file cannot be read
     */
    public SortedMap<String, String> kafka() {
        SortedMap<String, String> settings = new TreeMap<>();
        for (String variable : environment.keySet()) {
            if (variable.startsWith(KAFKA_PREFIX)) {
                String name = variable.endsWith(FILE_SUFFIX)
                        ? variable.substring(0, variable.length() - FILE_SUFFIX.length())
                        : variable;
                if (name.length() <= KAFKA_PREFIX.length()) {
                    throw new ConfigurationException(variable + " must name a Kafka setting after " + KAFKA_PREFIX);
                }
                text(name).ifPresent(value -> settings.put(kafkaName(name), value));
            }
        }
        return settings;
    }

    private static String kafkaName(String variable) {
        return variable.substring(KAFKA_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.');
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static String read(String variable, String path) {
        try {
            Path file = Path.of(path);
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new ConfigurationException(variable + ": larger than 64 KiB: " + path);
            }
            String content = Files.readString(file, StandardCharsets.UTF_8);
            return content.replaceFirst("\\R\\z", "");
        } catch (NoSuchFileException e) {
            throw new ConfigurationException(variable + ": there is no such file: " + path, e);
        } catch (IOException | InvalidPathException e) {
            throw new ConfigurationException(variable + ": cannot be read: " + path, e);
        }
    }
}
