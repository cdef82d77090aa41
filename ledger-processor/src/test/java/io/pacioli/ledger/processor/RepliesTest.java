package io.pacioli.ledger.processor;

import static io.pacioli.ledger.processor.OneShardLedger.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RepliesTest {
    private static final String LATER = TOPICS.replies() + "-later";
    private static final Duration HALF_A_SECOND = Duration.ofMillis(500);

    private OneShardLedger ledger;

    @BeforeEach
    void start(@TempDir Path directory) {
        ledger = new OneShardLedger(directory);
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    @Test
    void theOutcomeGoesWhereTheHeadersSay() {
        ledger.replyTopics.put(LATER, 1);
        RecordHeaders headers = replyTo(LATER);
        headers.add(Headers.REPLY_PARTITION, Headers.integer(0));
        headers.add(Headers.CORRELATION_ID, new byte[] {9, 8});

        ledger.send(Sample.open("alice"), headers);

        List<TestRecord<byte[], byte[]>> replies = ledger.written(LATER);
        assertThat(replies).hasSize(1);
        TestRecord<byte[], byte[]> reply = replies.getFirst();
        assertThat(OutcomeCodec.decode(reply.value()))
                .isEqualTo(new Outcome.Accepted(
                        "open-alice", new Position(0, 2), OneShardLedger.START_MILLIS, "AccountOpened"));
        assertThat(reply.key()).containsExactly(9, 8);
        assertThat(reply.headers()).hasSize(1);
        assertThat(reply.headers().lastHeader(Headers.CORRELATION_ID).value()).containsExactly(9, 8);
        assertThat(ledger.written(TOPICS.replies())).isEmpty();
    }

    @Test
    void nobodyIsAnsweredWhoDidNotAsk() {
        ledger.send(Sample.open("alice"));

        assertThat(ledger.written(TOPICS.replies())).isEmpty();
    }

    @Test
    void aCorrelationIsNotRequired() {
        ledger.send(Sample.open("alice"), replyTo(TOPICS.replies()));

        assertThat(ledger.written(TOPICS.replies()))
                .hasSize(1)
                .allSatisfy(reply -> assertThat(reply.headers()).isEmpty());
    }

    @Test
    void aForbiddenTopicGetsNothing() {
        ledger.send(Sample.open("alice"), replyTo(TOPICS.journal()));

        assertThat(ledger.events()).containsExactly("ShardConfigured", "AccountOpened");
        assertThat(dropped()).isEqualTo(1);
    }

    @Test
    void aPartitionThatDoesNotExistGetsNothing() {
        for (int partition : new int[] {1, 4, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            RecordHeaders headers = replyTo(TOPICS.replies());
            headers.add(Headers.REPLY_PARTITION, Headers.integer(partition));
            ledger.send(Sample.open("alice-" + partition), headers);
        }

        assertThat(ledger.written(TOPICS.replies())).isEmpty();
        assertThat(ledger.events()).hasSize(6);
        assertThat(dropped()).isEqualTo(5);
    }

    @Test
    void headersOfAnotherShapeAreIgnored() {
        RecordHeaders headers = replyTo(TOPICS.replies());
        headers.add(Headers.REPLY_PARTITION, new byte[] {0});
        headers.add(Headers.CORRELATION_ID, null);
        RecordHeaders nowhere = new RecordHeaders();
        nowhere.add(Headers.REPLY_TOPIC, null);
        RecordHeaders noText = new RecordHeaders();
        noText.add(Headers.REPLY_TOPIC, new byte[] {(byte) 0xFF, 0});

        ledger.send(Sample.open("alice"), headers);
        ledger.send(Sample.open("bob"), nowhere);
        ledger.send(Sample.open("carol"), noText);

        assertThat(ledger.written(TOPICS.replies())).hasSize(1);
        assertThat(ledger.events()).hasSize(4);
    }

    @Test
    void aHugeCorrelationCostsTheReply() {
        RecordHeaders headers = replyTo(TOPICS.replies());
        headers.add(Headers.CORRELATION_ID, new byte[1_025]);

        ledger.send(Sample.open("alice"), headers);

        assertThat(ledger.written(TOPICS.replies()).size()).isZero();
        assertThat(dropped()).isEqualTo(1);
        assertThat(ledger.events()).hasSize(2);
    }

    @Test
    void aTopicThatAppearsGetsWhatWaitedForIt() {
        ledger.send(Sample.open("alice"), replyTo(LATER));
        ledger.send(Sample.open("bob"), replyTo(LATER));
        ledger.pass(HALF_A_SECOND);
        ledger.replyTopics.put(LATER, 1);
        ledger.pass(HALF_A_SECOND);

        assertThat(ledger.written(LATER))
                .extracting(reply -> OutcomeCodec.decode(reply.value()).commandId())
                .containsExactly("open-alice", "open-bob");
        ledger.pass(HALF_A_SECOND);
        assertThat(ledger.written(LATER)).isEmpty();
        assertThat(dropped()).isZero();
    }

    @Test
    void aTopicThatAppearsTooSmallGetsNothing() {
        RecordHeaders headers = replyTo(LATER);
        headers.add(Headers.REPLY_PARTITION, Headers.integer(1));
        ledger.send(Sample.open("alice"), headers);
        ledger.replyTopics.put(LATER, 1);
        ledger.pass(HALF_A_SECOND);

        assertThat(ledger.written(LATER)).isEmpty();
        assertThat(dropped()).isEqualTo(1);
    }

    @Test
    void aReplyWaitsFiveSecondsAtMost() {
        ledger.send(Sample.open("alice"), replyTo(LATER));
        ledger.pass(Duration.ofMillis(4_500));
        assertThat(dropped()).isZero();

        ledger.pass(HALF_A_SECOND);

        assertThat(dropped()).isEqualTo(1);
        ledger.replyTopics.put(LATER, 1);
        ledger.pass(HALF_A_SECOND);
        assertThat(ledger.written(LATER)).isEmpty();
    }

    @Test
    void noMoreThanAThousandWait() {
        for (int i = 0; i < 1_003; i++) {
            ledger.send(Sample.open("a" + i), replyTo(LATER));
        }
        assertThat(dropped()).isEqualTo(3);

        ledger.replyTopics.put(LATER, 1);
        ledger.pass(HALF_A_SECOND);

        assertThat(ledger.written(LATER)).hasSize(1_000);
        assertThat(ledger.events()).hasSize(1_004);
    }

    private double dropped() {
        return ledger.count("ledger.replies.dropped");
    }

    private static RecordHeaders replyTo(String topic) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.REPLY_TOPIC, Headers.text(topic));
        return headers;
    }
}
