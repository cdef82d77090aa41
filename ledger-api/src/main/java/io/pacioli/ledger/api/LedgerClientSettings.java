package io.pacioli.ledger.api;

import java.time.Duration;
import java.util.Map;

/**
 * How a {@link LedgerClient} reaches the ledger.
 *
 * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}
 * @param topics the ledger's topics, which must exist
 * @param timeout how long to wait for an acknowledgement or an outcome
 * @param inFlightMax most commands that may wait for their outcome at a time
 */
public record LedgerClientSettings(Map<String, String> kafka, Topics topics, Duration timeout, int inFlightMax) {
    /** Commands that may wait for their outcome by default. */
    public static final int IN_FLIGHT_DEFAULT = 10_000;

    /** @throws IllegalArgumentException when there is no bootstrap server, or a number is not positive */
    public LedgerClientSettings {
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("kafka must hold bootstrap.servers");
        }
        if (!timeout.isPositive() || inFlightMax < 1) {
            throw new IllegalArgumentException("must be positive: timeout=" + timeout + " inFlightMax=" + inFlightMax);
        }
        kafka = Map.copyOf(kafka);
    }

    /** A ledger with the default topics, a timeout of 30 s and 10,000 commands in flight. */
    public static LedgerClientSettings of(String bootstrapServers) {
        return new LedgerClientSettings(
                Map.of("bootstrap.servers", bootstrapServers),
                Topics.DEFAULT,
                Duration.ofSeconds(30),
                IN_FLIGHT_DEFAULT);
    }
}
