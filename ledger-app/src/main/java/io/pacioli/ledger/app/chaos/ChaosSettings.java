package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.chaos.Fault.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run does.
 *
 * @param seed decides faults, commands and clients
 * @param duration how long clients send while faults happen
 * @param transfers how many plain transfers are asked for, spread over that time
 * @param faults how many faults happen
 * @param only parts of the words for what may happen; none for everything
 * @param clients how many clients send through Kafka, and again as many over HTTP
 * @param accounts how many accounts plain transfers choose from
 * @param shards shards of the ledger
 * @param brokers how many there are: one, or three with three copies of everything
 * @param commitInterval of the processors, at least 1 ms
 * @param directory where everything is kept; null for a temporary one that is deleted when all holds
 */
public record ChaosSettings(
        long seed,
        Duration duration,
        int transfers,
        int faults,
        List<String> only,
        int clients,
        int accounts,
        int shards,
        int brokers,
        Duration commitInterval,
        @Nullable Path directory) {
    private static final Duration RAMP_UP_MAX = Duration.ofMinutes(1);
    private static final int RAMP_UP_PART = 6;

    /** @throws IllegalArgumentException when a number is out of its range */
    public ChaosSettings {
        only = List.copyOf(only);
        if (!duration.isPositive() || transfers < 1 || faults < 0 || clients < 2 || accounts < 2 || shards < 1) {
            throw new IllegalArgumentException(
                    "numbers must be at least 1, faults at least 0, clients and accounts at least 2");
        }
        if (brokers != 1 && brokers != Role.BROKER.count()) {
            throw new IllegalArgumentException(
                    "must be 1 or " + Role.BROKER.count() + ": the number of brokers " + brokers);
        }
        if (commitInterval.toMillis() < 1) {
            throw new IllegalArgumentException("must be at least 1 ms: the commit interval " + commitInterval);
        }
    }

    /** How long the load grows at first, and nothing bad happens: processes that have just been started are slow. */
    Duration rampUp() {
        Duration part = duration.dividedBy(RAMP_UP_PART);
        return part.compareTo(RAMP_UP_MAX) < 0 ? part : RAMP_UP_MAX;
    }
}
