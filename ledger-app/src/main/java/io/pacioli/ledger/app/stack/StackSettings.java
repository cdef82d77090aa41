package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.audit.notary.NotarySettings;
import io.pacioli.ledger.processor.ProcessorSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded stack is made of. Ports are 1 to 65535, or 0 for free ones.
 *
 * @param directory where everything is kept; null for a fresh temporary directory that is deleted at the end
 * @param shards of a ledger that is created; null for 6 then, and for whatever one that exists has
 * @param projections which of them run, one at least
 * @param httpHost the address that the HTTP APIs listen on; all else listens on this machine only
 * @param httpPort for all HTTP APIs
 * @param kafkaPort for the broker
 * @param postgresPort for the database
 * @param redisPort for Redis
 * @param commitInterval how often the processor's transactions commit
 * @param checkpoints how often the journal is signed
 * @param readyMax how long everything together may take to be ready
 */
public record StackSettings(
        @Nullable Path directory,
        @Nullable Integer shards,
        Set<Projection> projections,
        String httpHost,
        int httpPort,
        int kafkaPort,
        int postgresPort,
        int redisPort,
        Duration commitInterval,
        NotarySettings.Pace checkpoints,
        Duration readyMax) {
    private static final Duration READY_MAX = Duration.ofMinutes(3);

    /** @throws IllegalArgumentException when there is no projection */
    public StackSettings {
        if (projections.isEmpty()) {
            throw new IllegalArgumentException("there must be a projection");
        }
        projections = Set.copyOf(projections);
    }

    /** A fresh directory and free ports. */
    public static StackSettings fresh() {
        return new StackSettings(
                null,
                null,
                Set.of(Projection.values()),
                "127.0.0.1",
                0,
                0,
                0,
                0,
                ProcessorSettings.COMMIT_INTERVAL,
                NotarySettings.Pace.DEFAULT,
                READY_MAX);
    }

    /** The same in a directory that stays. */
    public StackSettings in(Path path) {
        return new StackSettings(
                path,
                shards,
                projections,
                httpHost,
                httpPort,
                kafkaPort,
                postgresPort,
                redisPort,
                commitInterval,
                checkpoints,
                readyMax);
    }

    /** The same with a number of shards. */
    public StackSettings withShards(@Nullable Integer number) {
        return new StackSettings(
                directory,
                number,
                projections,
                httpHost,
                httpPort,
                kafkaPort,
                postgresPort,
                redisPort,
                commitInterval,
                checkpoints,
                readyMax);
    }

    /** The same with these projections only. */
    public StackSettings withProjections(Set<Projection> some) {
        return new StackSettings(
                directory,
                shards,
                some,
                httpHost,
                httpPort,
                kafkaPort,
                postgresPort,
                redisPort,
                commitInterval,
                checkpoints,
                readyMax);
    }

    /** The same with another address and port for HTTP. */
    public StackSettings withHttp(String host, int port) {
        return new StackSettings(
                directory,
                shards,
                projections,
                host,
                port,
                kafkaPort,
                postgresPort,
                redisPort,
                commitInterval,
                checkpoints,
                readyMax);
    }

    /** The same with other ports for the servers. */
    public StackSettings withPorts(int kafka, int postgres, int redis) {
        return new StackSettings(
                directory,
                shards,
                projections,
                httpHost,
                httpPort,
                kafka,
                postgres,
                redis,
                commitInterval,
                checkpoints,
                readyMax);
    }

    /** The same with checkpoints at another pace. */
    public StackSettings withCheckpoints(NotarySettings.Pace pace) {
        return new StackSettings(
                directory,
                shards,
                projections,
                httpHost,
                httpPort,
                kafkaPort,
                postgresPort,
                redisPort,
                commitInterval,
                pace,
                readyMax);
    }
}
