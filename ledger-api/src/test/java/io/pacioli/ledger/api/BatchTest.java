package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchTest {
    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> split(String json) {
        return Batch.split(bytes(json)).stream()
                .map(element -> new String(element, StandardCharsets.UTF_8))
                .toList();
    }

    private static Command open(int number) {
        return new Command.OpenAccount("o-" + number, "user-" + number, AccountLimits.DEFAULT, Map.of());
    }

    @Test
    void comesApartAsItWasPutTogether() {
        List<Command> commands = Samples.commands().limit(Batch.COMMANDS_MAX).toList();
        byte[] batch = Batch.encode(commands);

        assertThat(Batch.is(batch)).isTrue();
        assertThat(Batch.split(batch).stream().map(CommandCodec::decode)).containsExactlyElementsOf(commands);
    }

    @Test
    void isKnownByItsTypeWhereverThatStands() {
        assertThat(Batch.is(bytes("{\"type\":\"Batch\"}"))).isTrue();
        assertThat(Batch.is(bytes(" {\n \"x\" : [{\"type\":\"Mint\"}], \"type\" : \"B\\u0061tch\" , ")))
                .isTrue();
        assertThat(Batch.is(CommandCodec.encode(open(1)))).isFalse();
        for (String other : List.of(
                "", "[]", "{}", "{\"type\":7}", "{\"type\":\"Burn\"}", "{\"type\":\"Batches\"}", "{\"type\":")) {
            assertThat(Batch.is(bytes(other))).as(other).isFalse();
        }
    }

    /** Whatever stands in the array is cut out as it is spelled; whether it is a command is for others to say. */
    @Test
    void cutsOutWhatStandsBetweenTheCommas() {
        assertThat(split("""
                                {"commands" : [ {"a":"}],{\\\"","b":[1,{}]} ,7, -1.5e3 ,"x\u20ac]",null,true,[ ] ,{ } ], "more":{"commands":[1]},
                                 "type":"Batch"}
                                """))
                .containsExactly(
                        "{\"a\":\"}],{\\\"\",\"b\":[1,{}]}",
                        "7",
                        "-1.5e3",
                        "\"x\u20ac]\"",
                        "null",
                        "true",
                        "[ ]",
                        "{ }");
    }

    @Test
    void isolatesWhatBreaksTheBoundsOfOneCommand() {
        String deep = "{\"a\":".repeat(100) + "1" + "}".repeat(100);
        String longNumber = "{\"a\":" + "9".repeat(5_000) + "}";
        String longName = "{\"" + "n".repeat(60_000) + "\":1}";
        String twice = "{\"a\":1,\"a\":2}";

        assertThat(split("{\"type\":\"Batch\",\"commands\":[" + String.join(",", deep, longNumber, longName, twice)
                        + "]}"))
                .containsExactly(deep, longNumber, longName, twice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "record   | [1]",
                "record   | {\"type\":\"Batch\",\"commands\":[{}]",
                "record   | {\"type\":\"Batch\",\"commands\":[{},]}",
                "record   | {\"type\":\"Batch\",\"commands\":[{}]} {}",
                "record   | {\"type\":\"Batch\",\"commands\":[{\"a\":\"\\x\"}]}",
                "type     | {\"type\":\"Mint\",\"commands\":[{}]}",
                "type     | {\"commands\":[{}]}",
                "type     | {\"type\":\"Batch\",\"type\":\"Batch\",\"commands\":[{}]}",
                "commands | {\"type\":\"Batch\"}",
                "commands | {\"type\":\"Batch\",\"commands\":null}",
                "commands | {\"type\":\"Batch\",\"commands\":{}}",
                "commands | {\"type\":\"Batch\",\"commands\":[]}",
                "commands | {\"type\":\"Batch\",\"commands\":[{}],\"commands\":[{}]}"
            })
    void refusesWhatIsNoBatchAsAWhole(String field, String json) {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Batch.split(bytes(json)))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    @Test
    void holdsAThousandCommandsAndNotOneMore() {
        byte[] command = CommandCodec.encode(open(1));

        assertThat(Batch.split(Batch.join(Collections.nCopies(1_000, command)))).hasSize(1_000);
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> Batch.split(Batch.join(Collections.nCopies(1_001, command))))
                .withMessageContaining("1 to 1000");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void hasAtMostItsBytes(int over) {
        byte[] batch = new byte[Batch.BYTES_MAX + over];
        java.util.Arrays.fill(batch, (byte) ' ');
        byte[] json = Batch.encode(List.of(open(1)));
        System.arraycopy(json, 0, batch, 0, json.length);

        if (over == 0) {
            assertThat(Batch.split(batch)).hasSize(1);
        } else {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> Batch.split(batch))
                    .withMessageContaining(Integer.toString(Batch.BYTES_MAX));
        }
    }

    @Test
    void packsByShardInOrderAndWithinTheBounds() {
        KafkaRouter router = new KafkaRouter(3);
        List<Command> commands =
                IntStream.range(0, 5_000).mapToObj(BatchTest::open).toList();

        List<PackedCommands> packed = PackedCommands.of(commands, router);

        assertThat(packed).hasSize(6);
        int[] last = {-1, -1, -1};
        for (PackedCommands record : packed) {
            List<byte[]> values = Batch.split(record.value());
            assertThat(values).hasSameSizeAs(record.numbers());
            int shard = router.shardOfKey(record.routingKey());
            for (int i = 0; i < values.size(); i++) {
                int number = record.numbers().get(i);
                Command command = CommandCodec.decode(values.get(i));
                assertThat(command).isEqualTo(commands.get(number));
                assertThat(router.shardOfKey(command.routingKey())).isEqualTo(shard);
                assertThat(number).isGreaterThan(last[shard]);
                last[shard] = number;
            }
        }
        assertThat(packed.stream().flatMap(record -> record.numbers().stream()))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 5_000).boxed().toList());
    }

    @Test
    void packsLargeCommandsIntoMoreRecordsAndASingleOneAsItIs() {
        Map<String, String> large = new java.util.TreeMap<>();
        for (int i = 0; i < 16; i++) {
            large.put("m" + i, "v".repeat(256));
        }
        List<Command> commands = IntStream.range(0, 600)
                .<Command>mapToObj(i -> new Command.OpenAccount("o-" + i, "a{x}" + i, AccountLimits.DEFAULT, large))
                .toList();

        List<PackedCommands> packed = PackedCommands.of(commands, new KafkaRouter(6));

        assertThat(packed).hasSizeGreaterThan(1);
        assertThat(packed)
                .allSatisfy(record -> assertThat(Batch.split(record.value())).hasSameSizeAs(record.numbers()));
        assertThat(packed.getFirst().value()).hasSizeGreaterThan(Batch.BYTES_MAX - 5_000);
        assertThat(PackedCommands.of(List.of(open(1)), new KafkaRouter(6))
                        .getFirst()
                        .value())
                .isEqualTo(CommandCodec.encode(open(1)));
    }
}
