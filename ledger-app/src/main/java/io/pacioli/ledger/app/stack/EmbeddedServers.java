package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.EmbeddedServer;
import io.pacioli.ledger.embedded.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The three servers of the embedded stack, started and stopped side by side. */
final class EmbeddedServers implements AutoCloseable {
    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;
    private final EmbeddedRedis redis;

    private EmbeddedServers(EmbeddedKafka kafka, EmbeddedPostgres postgres, EmbeddedRedis redis) {
        this.kafka = kafka;
        this.postgres = postgres;
        this.redis = redis;
    }

    /**
     * Starts all three, or none.
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
            CompletableFuture<EmbeddedPostgres> postgres = start(
                    threads,
                    () -> EmbeddedPostgres.start(
                            ServerConfig.in(directory.resolve("postgres")).withPort(settings.postgresPort())));
            CompletableFuture<EmbeddedRedis> redis = start(
                    threads,
                    () -> EmbeddedRedis.start(
                            ServerConfig.in(directory.resolve("redis")).withPort(settings.redisPort())));
            try {
                CompletableFuture.allOf(kafka, postgres, redis).join();
                return new EmbeddedServers(kafka.join(), postgres.join(), redis.join());
            } catch (CompletionException e) {
                List.of(kafka, postgres, redis).forEach(EmbeddedServers::closeIfStarted);
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

    private static void closeIfStarted(CompletableFuture<? extends EmbeddedServer> server) {
        if (!server.isCompletedExceptionally()) {
            server.join().close();
        }
    }

    EmbeddedKafka kafka() {
        return kafka;
    }

    EmbeddedPostgres postgres() {
        return postgres;
    }

    EmbeddedRedis redis() {
        return redis;
    }

    /** Completes with a sentence when one of the servers has ended. */
    CompletableFuture<String> firstToEnd() {
        return CompletableFuture.anyOf(ended(kafka, "Kafka"), ended(postgres, "PostgreSQL"), ended(redis, "Redis"))
                .thenApply(String::valueOf);
    }

    private static CompletableFuture<String> ended(EmbeddedServer server, String name) {
        return server.onExit().thenApply(nothing -> name + " has ended; its log is " + server.log());
    }

    @Override
    public void close() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (EmbeddedServer server : List.of(kafka, postgres, redis)) {
                threads.execute(server::close);
            }
        }
    }
}
