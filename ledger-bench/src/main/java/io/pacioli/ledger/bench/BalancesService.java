package io.pacioli.ledger.bench;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Metrics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;

/** The main class of a projection in Redis that runs until its standard input ends. */
final class BalancesService {
    /** How the line of its output begins that ends with the address of its HTTP API. */
    static final String LISTENS = "listens at ";

    private BalancesService() {}

    /** @param arguments Kafka's bootstrap servers, the number of shards, and the URI of Redis */
    @SuppressWarnings("SystemOut") // standard output is what the starter reads
    public static void main(String... arguments) throws IOException {
        PrintStream starter = System.out;
        // The starter reads one line: a log on standard output would fill the pipe, and stop the service in the middle
        // of a line.
        System.setOut(System.err);
        Health health = new Health();
        try (Metrics metrics = new Metrics();
                RedisProjection projection = new RedisProjection(settings(arguments), health, metrics);
                HttpServer http =
                        HttpServer.start(HttpServer.Settings.ofPort(0), health, metrics, projection.modules())) {
            projection.start();
            starter.println(LISTENS + http.uri());
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }

    private static RedisProjectionSettings settings(String... arguments) {
        return RedisProjectionSettings.of(
                Map.of("bootstrap.servers", arguments[0]),
                Topics.DEFAULT,
                new KafkaRouter(Integer.parseInt(arguments[1])),
                RedisSettings.of(arguments[2]));
    }
}
