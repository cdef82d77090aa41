package io.pacioli.ledger.bench;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.projection.postgres.PostgresProjection;
import io.pacioli.ledger.projection.postgres.PostgresSettings;
import io.pacioli.ledger.projection.postgres.ProjectorSettings;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;

/** The main class of a projection in PostgreSQL that runs until its standard input ends. */
final class HistoryService {
    /** The variable that holds the password. */
    static final String PASSWORD = "BENCH_POSTGRES_PASSWORD";

    private HistoryService() {}

    /** @param arguments Kafka's bootstrap servers, the number of shards, and the URL and the user of PostgreSQL */
    public static void main(String... arguments) throws IOException {
        // Nobody reads its output: a log there would fill the pipe, and stop the service in the middle of a line.
        System.setOut(System.err);
        try (Metrics metrics = new Metrics();
                PostgresProjection projection = new PostgresProjection(
                        Map.of("bootstrap.servers", arguments[0]),
                        Topics.DEFAULT,
                        new KafkaRouter(Integer.parseInt(arguments[1])),
                        PostgresSettings.of(
                                arguments[2], arguments[3], Objects.requireNonNullElse(System.getenv(PASSWORD), "")),
                        ProjectorSettings.DEFAULT,
                        new Health(),
                        metrics)) {
            projection.start();
            System.in.transferTo(OutputStream.nullOutputStream());
        }
    }
}
