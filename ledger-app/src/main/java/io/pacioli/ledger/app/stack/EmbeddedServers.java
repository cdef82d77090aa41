package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.EmbeddedServer;
import io.pacioli.ledger.embedded.EmbeddedService;
import io.pacioli.ledger.embedded.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The servers of the embedded stack, those of projections that are left out excepted, started and stopped side by side. */
final class EmbeddedServers implements AutoCloseable {
    private final EmbeddedKafka kafka;
    private final Optional<EmbeddedPostgres> postgres;
    private final Optional<EmbeddedRedis> redis;

    private EmbeddedServers(EmbeddedKafka kafka, Optional<EmbeddedPostgres> postgres, Optional<EmbeddedRedis> redis) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.redis = redis;
    }

    /**
     * Starts all that the settings name, or none.
     *
     * @param directory in which each gets a directory of its own
     * @throws io.pacioli.ledger.embedded.EmbeddedStartException when one of them cannot start
     */
    static EmbeddedServers start(StackSettings settings, Path directory) {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("start-server-", 0).factory())) {
            CompletableFuture<EmbeddedKafka> kafka = start(
                    threads,
                    () -> EmbeddedKafka.start(
                            ServerConfig.in(directory.resolve("kafka")).withPort(settings.kafkaPort())));
            CompletableFuture<Optional<EmbeddedPostgres>> postgres = start(
                    threads,
                    settings,
                    Projection.POSTGRES,
                    () -> EmbeddedPostgres.start(
                            ServerConfig.in(directory.resolve("postgres")).withPort(settings.postgresPort())));
            CompletableFuture<Optional<EmbeddedRedis>> redis = start(
                    threads,
                    settings,
                    Projection.REDIS,
                    () -> EmbeddedRedis.start(
                            ServerConfig.in(directory.resolve("redis")).withPort(settings.redisPort())));
            try {
                CompletableFuture.allOf(kafka, postgres, redis).join();
                return new EmbeddedServers(kafka.join(), postgres.join(), redis.join());
            } catch (CompletionException e) {
                List.of(kafka.thenApply(Optional::of), postgres, redis).forEach(EmbeddedServers::closeIfStarted);
                Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
                throw cause instanceof RuntimeException known
                        ? known
                        : new CommandFailure("the embedded servers did not start: " + cause, cause);
            }
        }
    }

    private static <T> CompletableFuture<T> start(ExecutorService threads, Supplier<T> server) {
        return CompletableFuture.supplyAsync(server, threads);
    }

    /** The server of a projection, or none when that is left out. */
    private static <T> CompletableFuture<Optional<T>> start(
            ExecutorService threads, StackSettings settings, Projection projection, Supplier<T> server) {
        return start(
                threads,
                () -> settings.projections().contains(projection) ? Optional.of(server.get()) : Optional.empty());
    }

    private static void closeIfStarted(CompletableFuture<? extends Optional<? extends EmbeddedServer>> server) {
        if (!server.isCompletedExceptionally()) {
            server.join().ifPresent(EmbeddedServer::close);
        }
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    Optional<EmbeddedPostgres> postgres() {
        return postgres;
    }

    Optional<EmbeddedRedis> redis() {
        return redis;
    }

    /** Completes with a sentence when one of the servers has ended. */
    CompletableFuture<String> firstToEnd() {
        return CompletableFuture.anyOf(all().map(EmbeddedServers::ended).toArray(CompletableFuture<?>[]::new))
                .thenApply(String::valueOf);
    }

    private Stream<EmbeddedServer> all() {
        return Stream.of(Optional.of(kafka), postgres(), redis()).flatMap(Optional::stream);
    }

    private static CompletableFuture<String> ended(EmbeddedServer server) {
        String name = switch (server) {
            case EmbeddedKafka kafka -> "Kafka";
            case EmbeddedPostgres postgres -> Projection.POSTGRES.server();
            case EmbeddedRedis redis -> Projection.REDIS.server();
            case EmbeddedService service -> service.name();
        };
        return server.onExit().thenApply(nothing -> name + " has ended; its log is " + server.log());
    }

    @Override
    public void close() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            all().forEach(server -> threads.execute(server::close));
        }
    }
}
