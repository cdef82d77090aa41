package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandRecordTest {
    private static final KafkaRouter ROUTER = new KafkaRouter(6);
    private static final Command COMMAND = new Command.OpenAccount("c1", "alice", AccountLimits.DEFAULT, Map.of());
    private static final int HOME = ROUTER.shardOf("alice");

    @Test
    void aCommandIsDecidedAtHomeAndPassedOnElsewhere() {
        byte[] value = CommandCodec.encode(COMMAND);

        assertThat(read(value, new RecordHeaders(), HOME)).isInstanceOfSatisfying(CommandRecord.Own.class, own -> {
            assertThat(own.input().command()).isEqualTo(COMMAND);
            assertThat(own.input().fingerprint()).isEqualTo(CommandCodec.fingerprint(COMMAND));
            assertThat(own.input().cause()).isEqualTo("ledger.commands-3@991");
            assertThat(own.input().atMillis()).isEqualTo(77);
        });
        assertThat(read(value, new RecordHeaders(), (HOME + 1) % 6))
                .isEqualTo(new CommandRecord.Misrouted(COMMAND, HOME));
    }

    @Test
    void aCommandIsPassedOnOnce() {
        RecordHeaders passedOn = new RecordHeaders();
        passedOn.add(Headers.FORWARDED_FROM, Headers.text("ledger.commands-1@5"));
        byte[] value = CommandCodec.encode(COMMAND);

        assertThat(read(value, passedOn, HOME)).isInstanceOf(CommandRecord.Own.class);
        assertThat(read(value, passedOn, (HOME + 1) % 6)).isInstanceOf(CommandRecord.Malformed.class);
    }

    @Test
    void whatIsNoCommandIsMalformedAndATickIsATick() {
        RecordHeaders large = new RecordHeaders();
        large.add("x", new byte[CommandRecord.ENVELOPE_BYTES_MAX]);

        assertThat(read(null, new RecordHeaders(), HOME)).isInstanceOf(CommandRecord.Malformed.class);
        assertThat(read("{}".getBytes(StandardCharsets.UTF_8), new RecordHeaders(), HOME))
                .isInstanceOf(CommandRecord.Malformed.class);
        assertThat(read(CommandCodec.encode(COMMAND), large, HOME)).isInstanceOf(CommandRecord.Malformed.class);
        assertThat(read(Tick.bytes(), new RecordHeaders(), HOME)).isInstanceOf(CommandRecord.OfTick.class);
    }

    @Test
    void eachCommandOfABatchIsReadAsIfItHadARecordOfItsOwn() {
        String foreign = "bob";
        assertThat(ROUTER.shardOf(foreign)).isNotEqualTo(HOME);
        Command misplaced = new Command.OpenAccount("c2", foreign, AccountLimits.DEFAULT, Map.of());
        byte[] broken = Headers.text("{\"type\":\"OpenAccount\",\"id\":7}");
        byte[] nested = Batch.encode(List.of(COMMAND));
        byte[] tick = Tick.bytes();
        byte[] own = CommandCodec.encode(COMMAND);

        List<CommandRecord.Part> parts = parts(
                null,
                Batch.join(List.of(CommandCodec.encode(misplaced), broken, own, nested, tick, own)),
                new RecordHeaders(),
                HOME);

        assertThat(parts).extracting(CommandRecord.Part::index).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(parts)
                .extracting(CommandRecord.Part::cause)
                .startsWith("ledger.commands-3@991#0", "ledger.commands-3@991#1");
        assertThat(parts)
                .extracting(CommandRecord.Part::value)
                .containsExactly(CommandCodec.encode(misplaced), broken, own, nested, tick, own);
        assertThat(parts.getFirst().what()).isEqualTo(new CommandRecord.Misrouted(misplaced, ROUTER.shardOf(foreign)));
        assertThat(parts.get(1).what()).isInstanceOf(CommandRecord.Malformed.class);
        assertThat(parts.get(2).what()).isInstanceOfSatisfying(CommandRecord.Own.class, read -> {
            assertThat(read.input().command()).isEqualTo(COMMAND);
            assertThat(read.input().fingerprint()).isEqualTo(CommandCodec.fingerprint(COMMAND));
            assertThat(read.input().cause()).isEqualTo("ledger.commands-3@991#2");
            assertThat(read.input().atMillis()).isEqualTo(77);
        });
        assertThat(parts.subList(3, 5))
                .extracting(CommandRecord.Part::what)
                .hasOnlyElementsOfType(CommandRecord.Malformed.class);
        assertThat(parts.get(5).what()).isInstanceOf(CommandRecord.Own.class);
    }

    @Test
    void aBatchAsAWholeIsMalformedWithLargeHeadersOrTooManyCommands() {
        byte[] one = CommandCodec.encode(COMMAND);
        RecordHeaders large = new RecordHeaders();
        large.add("x", new byte[Batch.ENVELOPE_BYTES_MAX]);

        assertThat(read(Batch.encode(List.of(COMMAND)), large, HOME)).isInstanceOf(CommandRecord.Malformed.class);
        assertThat(read(one, large, HOME)).isInstanceOf(CommandRecord.Own.class);
        assertThat(read(Batch.join(Collections.nCopies(1_001, one)), new RecordHeaders(), HOME))
                .isInstanceOf(CommandRecord.Malformed.class);
        assertThat(parts(null, Batch.join(Collections.nCopies(1_000, one)), new RecordHeaders(), HOME))
                .hasSize(1_000);
    }

    @Test
    void aPartHasTheHeadersOfItsRecordAndItsOwnIndex() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {1});
        headers.add(Headers.BATCH_INDEX, Headers.integer(9));

        assertThat(CommandRecord.headers(headers, 3)).hasSize(2);
        assertThat(Headers.integer(CommandRecord.headers(headers, 3), Headers.BATCH_INDEX))
                .hasValue(3);
        assertThat(CommandRecord.headers(headers, Cause.NO_INDEX)).isEqualTo(headers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ledger.commands-3@991#0",
                "ledger.commands-3@991#999",
                "ledger.commands-3@991",
                "my-own.transit-0@0",
                "due@1764000000000",
                "configuration"
            })
    void causesAreReadAsTheyAreWritten(String text) {
        assertThat(Cause.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "due@",
                "due@-1",
                "x",
                "ledger.commands-3",
                "-3@1",
                "a-b@1",
                "a-1@",
                "a-1@01",
                "a-+1@1",
                "a-1@1#",
                "a-1@1#1000",
                "a-1@1#-1",
                "a-1@#1"
            })
    void whatIsNoCauseIsRefused(String text) {
        assertThatThrownBy(() -> Cause.parse(text)).isInstanceOf(MalformedException.class);
    }

    private static CommandRecord read(byte @Nullable [] value, RecordHeaders headers, int shard) {
        List<CommandRecord.Part> parts = parts(null, value, headers, shard);
        assertThat(parts).hasSize(1);
        assertThat(parts.getFirst().index()).isEqualTo(Cause.NO_INDEX);
        assertThat(parts.getFirst().cause()).isEqualTo("ledger.commands-3@991");
        assertThat(parts.getFirst().value()).isSameAs(value);
        return parts.getFirst().what();
    }

    private static List<CommandRecord.Part> parts(
            byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers, int shard) {
        return CommandRecord.read(key, value, headers, "ledger.commands-3@991", 77, shard, ROUTER);
    }
}
