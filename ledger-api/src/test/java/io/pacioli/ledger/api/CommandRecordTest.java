package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import java.nio.charset.StandardCharsets;
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

    @ParameterizedTest
    @ValueSource(strings = {"ledger.commands-3@991", "my-own.transit-0@0", "due@1764000000000", "configuration"})
    void causesAreReadAsTheyAreWritten(String text) {
        assertThat(Cause.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "due@", "due@-1", "x", "ledger.commands-3", "-3@1", "a-b@1", "a-1@", "a-1@01", "a-+1@1"})
    void whatIsNoCauseIsRefused(String text) {
        assertThatThrownBy(() -> Cause.parse(text)).isInstanceOf(MalformedException.class);
    }

    private static CommandRecord read(byte @Nullable [] value, RecordHeaders headers, int shard) {
        return CommandRecord.read(null, value, headers, "ledger.commands-3@991", 77, shard, ROUTER);
    }
}
