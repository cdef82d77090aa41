package io.pacioli.ledger.processor;

import static io.pacioli.ledger.processor.OneShardLedger.START_MILLIS;
import static io.pacioli.ledger.processor.OneShardLedger.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.core.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerProcessorTest {
    private static final byte[] KEY = Headers.text("alice");

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
    void commandsBecomeEntriesInOrder() {
        ledger.given(
                Sample.define("GOLD"),
                Sample.open("alice"),
                Sample.mint("m1", "GOLD", "alice", 100),
                Sample.transfer("t1", "GOLD", "alice", "bob", 30));

        List<JournalRecord> journal = ledger.journaled();

        assertThat(journal)
                .extracting(r -> r.entry().event().type())
                .containsExactly(
                        "ShardConfigured", "AssetDefined", "AccountOpened", "TransferPosted", "TransferPosted");
        assertThat(journal).extracting(r -> r.entry().sequence()).containsExactly(1L, 2L, 3L, 4L, 5L);
        assertThat(journal)
                .extracting(r -> r.entry().cause())
                .containsExactly(
                        "configuration",
                        "test.commands-0@0",
                        "test.commands-0@1",
                        "test.commands-0@2",
                        "test.commands-0@3");
        Entry transfer = journal.getLast().entry();
        assertThat(transfer.atMillis()).isEqualTo(START_MILLIS);
        assertThat(transfer.postings())
                .extracting(p -> p.account() + " " + p.amount() + " " + p.balance() + " v" + p.version())
                .containsExactly("alice -30 70 v2", "bob 30 30 v1");
    }

    @Test
    void eachEntryIsChainedToTheOneBefore() {
        ledger.given(Sample.define("GOLD"), Sample.mint("m1", "GOLD", "alice", 100));

        List<TestRecord<byte[], byte[]>> records = ledger.written(TOPICS.journal());

        Hash last = Hash.ZERO;
        for (TestRecord<byte[], byte[]> record : records) {
            JournalRecord decoded = JournalCodec.decode(record.value());
            assertThat(record.key()).isNull();
            assertThat(JournalCodec.isIntact(record.value())).isTrue();
            assertThat(decoded.previous()).isEqualTo(last);
            last = decoded.hash();
        }
        assertThat(records).hasSize(3);
    }

    @Test
    void aMalformedRecordGoesToTheDeadLettersUntouched() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {1, 2, 3});
        byte[] value = Headers.text("{\"type\":\"Transfer\",\"id\":7}");
        ledger.given(Sample.define("GOLD"));

        ledger.send(KEY, value, headers);
        ledger.send(Sample.mint("m1", "GOLD", "alice", 100));

        TestRecord<byte[], byte[]> dead = onlyDeadLetter();
        assertThat(dead.key()).isEqualTo(KEY);
        assertThat(dead.value()).isEqualTo(value);
        assertThat(dead.headers()).hasSize(5);
        assertThat(dead.headers().lastHeader("trace").value()).containsExactly(1, 2, 3);
        assertThat(Headers.text(dead.headers(), Headers.DEAD_LETTER_TOPIC)).isEqualTo(TOPICS.commands());
        assertThat(Headers.integer(dead.headers(), Headers.DEAD_LETTER_PARTITION))
                .hasValue(0);
        assertThat(ByteBuffer.wrap(dead.headers()
                                .lastHeader(Headers.DEAD_LETTER_OFFSET)
                                .value())
                        .getLong())
                .isEqualTo(1);
        assertThat(Headers.text(dead.headers(), Headers.DEAD_LETTER_REASON)).startsWith("id ");
        assertThat(ledger.events()).containsExactly("ShardConfigured", "AssetDefined", "TransferPosted");
        assertThat(ledger.count("ledger.commands.dead.lettered")).isEqualTo(1);
    }

    @Test
    void whateverIsNoCommandGoesToTheDeadLetters() {
        List<byte @Nullable []> values = new java.util.ArrayList<>();
        values.add(null);
        values.add(new byte[0]);
        values.add(new byte[] {(byte) 0xFF, 0, (byte) 0xC0});
        values.add(Headers.text("[]"));
        values.add(Headers.text("{\"type\":\"Nonsense\",\"id\":\"x\"}"));
        values.add(Headers.text("{".repeat(10_000)));
        values.add(
                Headers.text("{\"type\":\"Mint\",\"id\":\"m\",\"asset\":\"GOLD\",\"to\":\"bob\",\"amount\":\"-1\"}"));

        values.forEach(value -> ledger.send(null, value, new RecordHeaders()));

        assertThat(ledger.written(TOPICS.deadLetters()))
                .extracting(TestRecord::value)
                .containsExactlyElementsOf(values);
        assertThat(ledger.events()).containsExactly("ShardConfigured");
    }

    @Test
    void anOversizeCommandGoesToTheDeadLetters() {
        byte[] command = CommandCodec.encode(Sample.open("alice"));
        byte[] fits = padded(command, CommandCodec.BYTES_MAX);
        byte[] oversize = padded(command, CommandCodec.BYTES_MAX + 1);

        ledger.send(KEY, oversize, new RecordHeaders());
        ledger.send(KEY, fits, new RecordHeaders());

        TestRecord<byte[], byte[]> dead = onlyDeadLetter();
        assertThat(dead.value()).isEqualTo(oversize);
        assertThat(Headers.text(dead.headers(), Headers.DEAD_LETTER_REASON))
                .contains(Integer.toString(CommandCodec.BYTES_MAX), Integer.toString(oversize.length));
        assertThat(ledger.events()).containsExactly("ShardConfigured", "AccountOpened");
    }

    @Test
    void whatIsTooLargeForTheDeadLettersLeavesItsContentBehind() {
        RecordHeaders headers = replyTo("c1");
        headers.add("trace", new byte[1]);

        ledger.send(KEY, new byte[LedgerTopics.COMMAND_RECORD_BYTES_MAX], headers);

        TestRecord<byte[], byte[]> dead = onlyDeadLetter();
        assertThat(dead.key()).isNull();
        assertThat(dead.value()).isNull();
        assertThat(dead.headers()).hasSize(4);
        assertThat(Headers.integer(dead.headers(), Headers.DEAD_LETTER_PARTITION))
                .hasValue(0);
        assertThat(onlyReply().headers()).hasSize(1);
    }

    @Test
    void largeHeadersAreNotCarriedAround() {
        RecordHeaders headers = new RecordHeaders();
        int overhead = CommandRecord.HEADER_OVERHEAD_BYTES + 1;
        headers.add("x", new byte[CommandRecord.ENVELOPE_BYTES_MAX - KEY.length - overhead]);
        ledger.send(KEY, CommandCodec.encode(Sample.open("alice")), headers);
        headers.add("y", new byte[0]);
        ledger.send(KEY, CommandCodec.encode(Sample.open("bob")), headers);

        assertThat(Headers.text(onlyDeadLetter().headers(), Headers.DEAD_LETTER_REASON))
                .contains("key and headers", Integer.toString(CommandRecord.ENVELOPE_BYTES_MAX + overhead));
        assertThat(ledger.events()).containsExactly("ShardConfigured", "AccountOpened");
    }

    @Test
    void headersCountAsTheBrokerCountsThem() {
        RecordHeaders wide = new RecordHeaders();
        wide.add("€".repeat(CommandRecord.ENVELOPE_BYTES_MAX / 3), new byte[0]);
        ledger.send(KEY, CommandCodec.encode(Sample.open("alice")), wide);
        RecordHeaders many = new RecordHeaders();
        for (int i = 0; i <= CommandRecord.ENVELOPE_BYTES_MAX / CommandRecord.HEADER_OVERHEAD_BYTES; i++) {
            many.add("", new byte[0]);
        }
        ledger.send(KEY, CommandCodec.encode(Sample.open("bob")), many);

        assertThat(ledger.events()).containsExactly("ShardConfigured");
    }

    @Test
    void aMalformedRecordIsAnsweredToo() {
        ledger.send(KEY, Headers.text("no json"), replyTo("c1"));

        TestRecord<byte[], byte[]> reply = onlyReply();
        assertThat(reply.headers().lastHeader(Headers.CORRELATION_ID).value()).isEqualTo(Headers.text("c1"));
        assertThatThrownBy(() -> OutcomeCodec.decode(reply.value())).isInstanceOf(MalformedException.class);
    }

    @Test
    void aRepeatedCommandGetsItsFirstOutcomeAgain() {
        Command refused = Sample.transfer("t1", "GOLD", "alice", "bob", 30);
        ledger.given(Sample.define("GOLD"), Sample.open("alice"));
        ledger.send(refused, replyTo("c1"));
        ledger.send(Sample.mint("m1", "GOLD", "alice", 100));
        List<String> before = ledger.events();
        Outcome first = OutcomeCodec.decode(onlyReply().value());
        ledger.pass(Duration.ofHours(1));

        ledger.send(refused, replyTo("c2"));

        TestRecord<byte[], byte[]> again = onlyReply();
        assertThat(OutcomeCodec.decode(again.value())).isEqualTo(first);
        assertThat(first)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        o -> assertThat(o.rejected().code()).isEqualTo(Rejection.INSUFFICIENT_FUNDS));
        assertThat(again.headers().lastHeader(Headers.CORRELATION_ID).value()).isEqualTo(Headers.text("c2"));
        assertThat(before).hasSize(5);
        assertThat(ledger.journaled()).isEmpty();
        assertThat(ledger.count("ledger.commands.repeated")).isEqualTo(1);
    }

    @Test
    void theSameJsonInAnotherShapeIsTheSameCommand() {
        String reordered =
                "{ \"metadata\":{}, \"amount\":100, \"to\":\"alice\", \"asset\":\"GOLD\", \"id\":\"m1\", \"type\":\"Mint\" }";
        ledger.given(Sample.define("GOLD"), Sample.mint("m1", "GOLD", "alice", 100));
        assertThat(ledger.events()).hasSize(3);

        ledger.send(Headers.text("@GOLD"), Headers.text(reordered), replyTo("c1"));

        assertThat(OutcomeCodec.decode(onlyReply().value()))
                .isInstanceOfSatisfying(
                        Outcome.Accepted.class, o -> assertThat(o.position()).isEqualTo(new Position(0, 3)));
        assertThat(ledger.journaled()).isEmpty();
    }

    @Test
    void theSameIdForAnotherCommandIsAConflict() {
        ledger.given(Sample.define("GOLD"), Sample.mint("m1", "GOLD", "alice", 100));
        ledger.send(Sample.mint("m1", "GOLD", "alice", 101), replyTo("c1"));
        ledger.send(Sample.mint("m1", "GOLD", "alice", 100), replyTo("c2"));

        List<TestRecord<byte[], byte[]>> replies = ledger.written(TOPICS.replies());

        assertThat(OutcomeCodec.decode(replies.getFirst().value()))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        o -> assertThat(o.rejected().code()).isEqualTo(Rejection.IDEMPOTENCY_CONFLICT));
        assertThat(OutcomeCodec.decode(replies.getLast().value())).isInstanceOf(Outcome.Accepted.class);
        assertThat(ledger.events())
                .containsExactly("ShardConfigured", "AssetDefined", "TransferPosted", "CommandRejected");
    }

    @Test
    void anIdIsForgottenAfterTheWindow() {
        ledger.given(Sample.define("GOLD"), Sample.mint("m1", "GOLD", "alice", 100));
        ledger.pass(Duration.ofMillis(Sample.DAY_MILLIS));
        ledger.send(Sample.mint("m1", "GOLD", "alice", 100));
        assertThat(ledger.events()).hasSize(3);

        ledger.pass(Duration.ofMillis(1));
        ledger.send(Sample.mint("m1", "GOLD", "alice", 100));

        assertThat(ledger.events()).containsExactly("TransferPosted");
    }

    @Test
    void configurationIsJournaledByWhateverComesFirst() {
        ledger.send(null, null, new RecordHeaders());

        assertThat(ledger.journaled())
                .extracting(r -> r.entry().event())
                .containsExactly(new Event.ShardConfigured(Sample.configuration(1)));
    }

    @Test
    void aMessageBetweenShardsThatCannotBeReadStopsTheShard() {
        ledger.given(Sample.define("GOLD"));

        assertThatThrownBy(() -> ledger.sendTransit("{}".getBytes(StandardCharsets.UTF_8)))
                .matches(ProcessorService::isDamage, "stops the service")
                .rootCause()
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void aMessageBetweenShardsWithoutContentStopsTheShard() {
        assertThatThrownBy(() -> ledger.sendTransit(null)).matches(ProcessorService::isDamage, "stops the service");
    }

    private TestRecord<byte[], byte[]> onlyDeadLetter() {
        List<TestRecord<byte[], byte[]>> dead = ledger.written(TOPICS.deadLetters());
        assertThat(dead).hasSize(1);
        return dead.getFirst();
    }

    private TestRecord<byte[], byte[]> onlyReply() {
        List<TestRecord<byte[], byte[]>> replies = ledger.written(TOPICS.replies());
        assertThat(replies).hasSize(1);
        return replies.getFirst();
    }

    private static RecordHeaders replyTo(String correlation) {
        return Sample.replyTo(TOPICS.replies(), correlation);
    }

    private static byte[] padded(byte[] json, int length) {
        String text = new String(json, StandardCharsets.UTF_8);
        return Headers.text(text + " ".repeat(length - json.length));
    }
}
