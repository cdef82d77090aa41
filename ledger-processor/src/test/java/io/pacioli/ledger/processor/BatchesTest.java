package io.pacioli.ledger.processor;

import static io.pacioli.ledger.processor.OneShardLedger.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalRecord;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Rejection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records with many commands. */
final class BatchesTest {
    private static final byte[] KEY = Headers.text("alice");

    private OneShardLedger ledger;

    @BeforeEach
    void start(@TempDir Path directory) {
        ledger = new OneShardLedger(directory);
        ledger.given(Sample.define("GOLD"), Sample.mint("m1", "GOLD", "alice", 100));
        ledger.journaled();
    }

    @AfterEach
    void stop() {
        ledger.close();
    }

    private static Command pay(String id, long amount) {
        return Sample.transfer(id, "GOLD", "alice", "bob", amount);
    }

    private void send(byte[] batch) {
        ledger.send(KEY, batch, Sample.replyTo(TOPICS.replies(), "c1"));
    }

    /** The replies since they were asked for last, by the index that each names. */
    private List<Object> replies(int commands) {
        Object[] byIndex = new Object[commands];
        for (TestRecord<byte[], byte[]> reply : ledger.written(TOPICS.replies())) {
            assertThat(reply.headers().lastHeader(Headers.CORRELATION_ID).value())
                    .isEqualTo(Headers.text("c1"));
            int index = Headers.integer(reply.headers(), Headers.BATCH_INDEX).orElseThrow();
            assertThat(byIndex[index]).as("reply %d", index).isNull();
            byIndex[index] = outcome(reply);
        }
        return Arrays.asList(byIndex);
    }

    private static Object outcome(TestRecord<byte[], byte[]> reply) {
        try {
            return OutcomeCodec.decode(reply.value());
        } catch (MalformedException e) {
            return e;
        }
    }

    private static Object code(Object outcome) {
        return ((Outcome.Refused) outcome).rejected().code();
    }

    @Test
    void eachCommandHasItsOwnEntryCauseAndReplyInOrder() {
        send(Batch.encode(List.of(pay("t1", 60), pay("t2", 60), pay("t3", 40))));

        List<JournalRecord> journal = ledger.journaled();

        assertThat(journal)
                .extracting(r -> r.entry().event().type() + " " + r.entry().commandId() + " "
                        + r.entry().cause())
                .containsExactly(
                        "TransferPosted t1 test.commands-0@2#0",
                        "CommandRejected t2 test.commands-0@2#1",
                        "TransferPosted t3 test.commands-0@2#2");
        assertThat(journal).extracting(r -> r.entry().atMillis()).containsOnly(OneShardLedger.START_MILLIS);
        List<Object> replies = replies(3);
        assertThat(replies.getFirst()).isInstanceOf(Outcome.Accepted.class);
        assertThat(code(replies.get(1))).isEqualTo(Rejection.INSUFFICIENT_FUNDS);
        assertThat(replies.get(2)).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void anIdThatComesTwiceOrCameBeforeGetsTheFirstOutcomeOrIsAConflict() {
        ledger.given(pay("before", 10));
        ledger.journaled();

        send(Batch.encode(List.of(pay("before", 10), pay("t1", 20), pay("t1", 20), pay("t1", 21), pay("before", 11))));

        assertThat(ledger.events()).containsExactly("TransferPosted", "CommandRejected", "CommandRejected");
        List<Object> replies = replies(5);
        assertThat(replies.get(0)).isInstanceOf(Outcome.Accepted.class);
        assertThat(replies.get(1)).isInstanceOf(Outcome.Accepted.class);
        assertThat(replies.get(2)).isEqualTo(replies.get(1));
        assertThat(code(replies.get(3))).isEqualTo(Rejection.IDEMPOTENCY_CONFLICT);
        assertThat(code(replies.get(4))).isEqualTo(Rejection.IDEMPOTENCY_CONFLICT);
        assertThat(ledger.count("ledger.commands.repeated")).isEqualTo(2);
    }

    @Test
    void theSameBatchAgainChangesNothing() {
        byte[] batch = Batch.encode(List.of(pay("t1", 60), pay("t2", 60)));
        send(batch);
        assertThat(ledger.events()).hasSize(2);
        List<Object> first = replies(2);

        send(batch);

        assertThat(ledger.journaled()).isEmpty();
        assertThat(replies(2)).isEqualTo(first);
    }

    @Test
    void oneThatIsMalformedGoesToTheDeadLettersAndTheOthersGoOn() {
        RecordHeaders headers = Sample.replyTo(TOPICS.replies(), "c1");
        headers.add("trace", new byte[] {7});
        byte[] nested = Batch.encode(List.of(pay("t9", 1)));
        String json = "{\"type\":\"Batch\",\"commands\":[%s,{\"type\":\"Transfer\",\"id\":7},%s,%s]}";
        String batch = json.replaceFirst("%s", text(pay("t1", 1)))
                .replaceFirst("%s", text(nested))
                .replaceFirst("%s", text(pay("t2", 2)));

        ledger.send(KEY, Headers.text(batch), headers);

        assertThat(ledger.journaled()).extracting(r -> r.entry().commandId()).containsExactly("t1", "t2");
        List<TestRecord<byte[], byte[]>> dead = ledger.written(TOPICS.deadLetters());
        assertThat(dead)
                .extracting(letter -> text(letter.value()))
                .containsExactly("{\"type\":\"Transfer\",\"id\":7}", text(nested));
        assertThat(dead)
                .extracting(letter ->
                        Headers.integer(letter.headers(), Headers.BATCH_INDEX).orElseThrow())
                .containsExactly(1, 2);
        assertThat(dead).allSatisfy(letter -> {
            assertThat(letter.key()).isEqualTo(KEY);
            assertThat(letter.headers().lastHeader("trace").value()).containsExactly(7);
        });
        assertThat(replies(4))
                .extracting(reply -> reply instanceof MalformedException)
                .containsExactly(false, true, true, false);
        assertThat(ledger.count("ledger.commands.dead.lettered")).isEqualTo(2);
    }

    @Test
    void aThousandCommandsFitAndOneMoreIsNoBatch() {
        List<Command> thousand = new ArrayList<>();
        IntStream.range(0, Batch.COMMANDS_MAX).forEach(i -> thousand.add(pay("t" + i, 0)));
        send(Batch.encode(thousand));
        assertThat(ledger.journaled()).hasSize(1_000);
        assertThat(replies(1_000)).doesNotContainNull();

        thousand.add(pay("more", 0));
        byte[] tooMany = Batch.encode(thousand);
        send(tooMany);

        assertThat(ledger.journaled()).isEmpty();
        TestRecord<byte[], byte[]> letter = ledger.written(TOPICS.deadLetters()).getFirst();
        assertThat(letter.value()).isEqualTo(tooMany);
        assertThat(letter.headers().lastHeader(Headers.BATCH_INDEX)).isNull();
        assertThat(Headers.text(letter.headers(), Headers.DEAD_LETTER_REASON)).contains("1 to 1000");
        assertThatThrownBy(() -> OutcomeCodec.decode(
                        ledger.written(TOPICS.replies()).getFirst().value()))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void anEmptyBatchIsNone() {
        send(Headers.text("{\"type\":\"Batch\",\"commands\":[]}"));

        assertThat(ledger.journaled()).isEmpty();
        assertThat(ledger.written(TOPICS.deadLetters()))
                .singleElement()
                .satisfies(letter -> assertThat(Headers.text(letter.headers(), Headers.DEAD_LETTER_REASON))
                        .contains("commands must be 1 to 1000"));
        assertThat(ledger.written(TOPICS.replies()))
                .singleElement()
                .satisfies(reply -> assertThat(outcome(reply)).isInstanceOf(MalformedException.class));
    }

    @Test
    void aBatchAboveItsBytesIsPutAsideAsAWhole() {
        byte[] batch = Batch.encode(List.of(pay("t1", 1)));
        byte[] fits = Arrays.copyOf(batch, Batch.BYTES_MAX);
        byte[] tooLarge = Arrays.copyOf(batch, Batch.BYTES_MAX + 1);
        Arrays.fill(fits, batch.length, fits.length, (byte) ' ');
        Arrays.fill(tooLarge, batch.length, tooLarge.length, (byte) ' ');

        ledger.send(KEY, tooLarge, new RecordHeaders());
        assertThat(ledger.journaled()).isEmpty();
        assertThat(ledger.written(TOPICS.deadLetters())).hasSize(1);
        ledger.send(KEY, fits, new RecordHeaders());
        assertThat(ledger.journaled()).hasSize(1);
        assertThat(fits.length + Batch.ENVELOPE_BYTES_MAX).isLessThan(LedgerTopics.COMMAND_RECORD_BYTES_MAX);
    }

    @Test
    void aCommandOfABatchIsNotLargerThanAlone() {
        byte[] large =
                Headers.text(text(pay("t1", 1)).replace("}", ",\"x\":\"" + "x".repeat(CommandCodec.BYTES_MAX) + "\"}"));
        send(Headers.text("{\"type\":\"Batch\",\"commands\":[" + text(large) + "," + text(pay("t2", 1)) + "]}"));

        assertThat(ledger.journaled()).extracting(r -> r.entry().commandId()).containsExactly("t2");
        assertThat(ledger.written(TOPICS.deadLetters())).hasSize(1);
    }

    @Test
    void whatIsDueIsDecidedBeforeTheBatchAsAWhole() {
        long soon = OneShardLedger.START_MILLIS + 10;
        ledger.given(Sample.hold("h1", "GOLD", "alice", 100, soon));
        ledger.journaled();
        ledger.pass(Duration.ofMillis(20));

        send(Batch.encode(List.of(pay("t1", 60), pay("t2", 40))));

        assertThat(ledger.journaled())
                .extracting(r -> r.entry().event().type() + " " + r.entry().cause())
                .containsExactly(
                        "HoldExpired due@" + soon,
                        "TransferPosted test.commands-0@3#0",
                        "TransferPosted test.commands-0@3#1");
    }

    @Test
    void commandsOfAnotherShardArePassedOnEachAloneAndAnsweredThere(@TempDir Path directory) {
        try (LoneShard shard = new LoneShard(0, 2, directory)) {
            KafkaRouter router = new KafkaRouter(2);
            String here = Sample.account(router, "here", 0);
            String there = Sample.account(router, "there", 1);
            byte[] batch = Batch.encode(
                    List.of(Sample.open(there), Sample.open(here), Sample.open(there + "x{" + there + "}")));
            RecordHeaders headers = Sample.replyTo(TOPICS.replies(), "c1");

            shard.command(batch, headers);

            assertThat(shard.journal()).extracting(r -> r.entry().cause()).endsWith("test.commands-0@0#1");
            var forwarded = shard.sent(LedgerTopology.FORWARDED);
            assertThat(forwarded)
                    .extracting(r -> CommandCodec.decode(r.value()))
                    .containsExactly(Sample.open(there), Sample.open(there + "x{" + there + "}"));
            assertThat(forwarded)
                    .extracting(r -> Headers.text(r.headers(), Headers.FORWARDED_FROM))
                    .containsExactly("test.commands-0@0#0", "test.commands-0@0#2");
            assertThat(forwarded)
                    .extracting(r ->
                            Headers.integer(r.headers(), Headers.BATCH_INDEX).orElseThrow())
                    .containsExactly(0, 2);
            assertThat(forwarded)
                    .extracting(r -> Headers.text(r.headers(), Headers.CORRELATION_ID))
                    .containsOnly("c1");
        }
    }

    /** What was read of a batch was read of all of it: a processor that comes back goes on behind it. */
    @Test
    void aBatchThatWasReadIsNotReadAgain(@TempDir Path directory) {
        try (LoneShard shard = new LoneShard(0, 1, directory)) {
            shard.command(Batch.encode(List.of(Sample.open("a"), Sample.open("b"))), new RecordHeaders());
            long entries = shard.journal().size();
            shard.restart(Sample.configuration(1));
            shard.rewind(0);
            shard.command(
                    Batch.encode(List.of(Sample.open("a"), Sample.open("b"), Sample.open("c"))), new RecordHeaders());

            assertThat(entries).isEqualTo(3);
            assertThat(shard.journal()).isEmpty();
        }
    }

    private static String text(Command command) {
        return text(CommandCodec.encode(command));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
