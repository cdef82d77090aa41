package io.pacioli.ledger.audit.notary;

import io.pacioli.ledger.api.PublicKeys;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a notary needs.
 *
 * @param kafka settings of Kafka's clients, among them {@code bootstrap.servers}; what the notary insists on replaces theirs
 * @param topics of the ledger
 * @param key signs
 * @param keys verify what was signed before: among them the key's own, and those that it has replaced
 * @param pace how often it signs
 */
public record NotarySettings(Map<String, String> kafka, Topics topics, SigningKey key, PublicKeys keys, Pace pace) {
    /**
     * How often a shard's journal is signed.
     *
     * @param entriesMax after so many entries at the latest, at least 1
     * @param interval after this time at the latest, when there are any; more than zero
     */
    public record Pace(long entriesMax, Duration interval) {
        /** Every 10,000 entries, and once a minute. */
        public static final Pace DEFAULT = new Pace(10_000, Duration.ofMinutes(1));

        /** @throws IllegalArgumentException when a value is out of range */
        public Pace {
            if (entriesMax < 1) {
                throw new IllegalArgumentException("must be at least 1: entriesMax=" + entriesMax);
            }
            if (!interval.isPositive()) {
                throw new IllegalArgumentException("must be more than zero: interval=" + interval);
            }
        }
    }

    /** Copies the map. */
    public NotarySettings {
        kafka = Map.copyOf(kafka);
    }

    /**
     * Settings with keys from files.
     *
     * @param keyFile the private key, see {@link SigningKey#read}
     * @param publicKeyFile its public key, and those that it has replaced, see {@link PublicKeys#read}
     * @throws io.pacioli.ledger.api.KeyFileException when they cannot be read or do not fit together
     */
    public static NotarySettings of(
            Map<String, String> kafka, Topics topics, Path keyFile, Path publicKeyFile, Pace pace) {
        PublicKeys keys = PublicKeys.read(publicKeyFile);
        return new NotarySettings(kafka, topics, SigningKey.read(keyFile, keys), keys, pace);
    }
}
