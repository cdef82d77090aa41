package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reply topics that clients may name and that turn out to be unfit: they may cost replies, and no shard more than a moment. */
final class ReplyTroubleIT {
    private static final Logger LOG = LoggerFactory.getLogger(ReplyTroubleIT.class);
    private static final KafkaRouter ROUTER = new KafkaRouter(2);

    @TempDir
    private Path directory;

    @Test
    void aTopicThatRefusesReplies() {
        LiveLedger ledger = LiveLedger.fresh(2);
        try (RunningProcessor processor = RunningProcessor.start(ledger.settings(directory));
                LedgerClient client = ledger.client();
                Admin admin = ledger.admin()) {
            String tiny = ledger.topics.replies() + ".tiny";
            create(admin, tiny, Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100"));
            goesOnAfterRepliesTo(ledger, client, tiny);
            assertThat(processor.health.isAlive()).isTrue();
        }
    }

    @Test
    void aTopicThatIsDeleted() {
        LiveLedger ledger = LiveLedger.fresh(2);
        try (RunningProcessor processor = RunningProcessor.start(ledger.settings(directory));
                LedgerClient client = ledger.client();
                Admin admin = ledger.admin()) {
            String gone = ledger.topics.replies() + ".gone";
            create(admin, gone, Map.of());
            goesOnAfterRepliesTo(ledger, client, gone);
            LiveLedger.get(
                    admin.deleteTopics(List.of(gone)).all().toCompletionStage().toCompletableFuture());
            goesOnAfterRepliesTo(ledger, client, gone);
            assertThat(processor.health.isAlive()).isTrue();
        }
    }

    private static void goesOnAfterRepliesTo(LiveLedger ledger, LedgerClient client, String topic) {
        for (int round = 0; round < 3; round++) {
            String prefix = topic.substring(topic.lastIndexOf('.') + 1) + System.nanoTime();
            Command asking = Sample.open(Sample.account(ROUTER, prefix, 0));
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    ledger.topics.commands(), Headers.text(asking.routingKey()), CommandCodec.encode(asking));
            record.headers().add(Headers.REPLY_TOPIC, Headers.text(topic));
            record.headers().add(Headers.CORRELATION_ID, Headers.text("x"));
            long started = System.nanoTime();
            ledger.produce(List.of(record));
            Outcome outcome = LiveLedger.outcome(client, Sample.open(Sample.account(ROUTER, prefix + "-next", 0)));
            LOG.info(
                    "{}: goes on after {} ms",
                    topic,
                    Duration.ofNanos(System.nanoTime() - started).toMillis());
            assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
        }
    }

    private static void create(Admin admin, String topic, Map<String, String> config) {
        LiveLedger.get(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(config)))
                .all()
                .toCompletionStage()
                .toCompletableFuture());
        Await.until(
                "the topic is there",
                () -> LiveLedger.get(
                                admin.listTopics().names().toCompletionStage().toCompletableFuture())
                        .contains(topic));
    }
}
