package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.testkit.KilledProcess;
import java.util.Map;

/** A projector in a process of its own that is killed as soon as it has its share of the shards. */
final class KilledProjector {
    private KilledProjector() {}

    /** @param share how many shards */
    static void with(int share, JournalTopic journal, int shards, PostgresSettings settings) throws Exception {
        String topic = journal.topics().journal();
        KilledProcess.run(
                KilledProjector.class,
                Integer.toString(share),
                journal.kafka().getOrDefault("bootstrap.servers", ""),
                topic.substring(0, topic.length() - ".journal".length()),
                journal.group(),
                Integer.toString(shards),
                settings.url(),
                settings.username(),
                settings.password());
    }

    public static void main(String[] arguments) {
        Health health = new Health();
        PostgresProjection projection = new PostgresProjection(
                Map.of("bootstrap.servers", arguments[1]),
                Topics.withPrefix(arguments[2]),
                new KafkaRouter(Integer.parseInt(arguments[4])),
                PostgresSettings.of(arguments[5], arguments[6], arguments[7]),
                ProjectorSettings.DEFAULT.withGroupId(arguments[3]),
                health,
                new Metrics());
        projection.start();
        Await.until(
                "it has its share",
                () -> health.reports().getFirst().detail().startsWith("shards=" + arguments[0] + " "));
        KilledProcess.stand();
    }
}
