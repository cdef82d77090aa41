package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.testkit.KilledProcess;
import java.util.Map;

/** A projector in a process of its own that is killed as soon as it has its share of the shards. */
final class KilledProjector {
    private KilledProjector() {}

    /** @param share how many shards */
    static void with(int share, TestJournal journal, int shards, String uri) throws Exception {
        String topic = journal.topics.journal();
        KilledProcess.run(
                KilledProjector.class,
                Integer.toString(share),
                TestJournal.kafka().getOrDefault("bootstrap.servers", ""),
                topic.substring(0, topic.length() - ".journal".length()),
                Integer.toString(shards),
                uri);
    }

    public static void main(String[] arguments) {
        RedisProjectionSettings settings = RedisProjectionSettings.of(
                Map.of("bootstrap.servers", arguments[1]),
                Topics.withPrefix(arguments[2]),
                new KafkaRouter(Integer.parseInt(arguments[3])),
                RedisSettings.of(arguments[4]));
        try (TestProjection projection = new TestProjection(settings)) {
            Eventually.holds(() -> assertThat(projection.shards()).hasSize(Integer.parseInt(arguments[0])));
            KilledProcess.stand();
        }
    }
}
