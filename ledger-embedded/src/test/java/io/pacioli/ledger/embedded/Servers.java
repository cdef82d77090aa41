package io.pacioli.ledger.embedded;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** All three servers under one directory, started at the same time. */
record Servers(EmbeddedKafka kafka, EmbeddedPostgres postgres, EmbeddedRedis redis) implements AutoCloseable {
    static Servers start(Path directory) {
        var kafka = starting(() ->
                EmbeddedKafka.start(ServerConfig.in(directory.resolve("kafka")).withHeapMegabytes(256)));
        var postgres = starting(() -> EmbeddedPostgres.start(ServerConfig.in(directory.resolve("postgres"))));
        var redis = starting(() -> EmbeddedRedis.start(ServerConfig.in(directory.resolve("redis"))));
        return new Servers(kafka.join(), postgres.join(), redis.join());
    }

    /** Not in the common pool, which has a single thread where there are two cores. */
    private static <T> CompletableFuture<T> starting(Supplier<T> server) {
        return CompletableFuture.supplyAsync(server, Thread::startVirtualThread);
    }

    @Override
    public void close() {
        kafka.close();
        postgres.close();
        redis.close();
    }

    /** The main of a JVM that is there to be killed: starts all, says so, and waits until its input ends. */
    static final class Victim {
        private Victim() {}

        static final String READY = "all started";

        public static void main(String... arguments) throws Exception {
            Servers servers = start(Path.of(arguments[0]));
            Probe.redis(servers.redis(), "SET", "survivor", "yes");
            Probe.sql(servers.postgres(), "CREATE TABLE survivor (name text)");
            Probe.sql(servers.postgres(), "INSERT INTO survivor VALUES ('yes')");
            Probe.createTopic(servers.kafka(), "survivor");
            Probe.produceInTransaction(servers.kafka(), "survivor", "yes");
            System.out.println(READY);
            int end = System.in.read();
            System.out.println("input ended: " + end);
        }
    }
}
