package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.InvariantViolation;
import io.pacioli.ledger.core.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

/**
 * Damaged messages by the hundred thousand: a decoder answers with a message or a {@link MalformedException}, never with anything
 * else. Repeat a run with {@code -Dtest.jvm.args=-Dledger.seed=N}.
 */
class MutationTest {
    private static final int INPUTS = 250_000;
    private static final long SEED = Long.getLong("ledger.seed", 20_261_123L);
    private static final int CHANGES_MAX = 4;
    private static final List<String> TOKENS = List.of(
            "null",
            "true",
            "{}",
            "[]",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\\u0000",
            "\\ud83e",
            "\\ude99",
            "-0",
            "-1",
            "0",
            "1.5",
            "1e9",
            "9".repeat(20),
            "9".repeat(70),
            "\"\"",
            "\"-0\"",
            "\"type\":",
            "\"v\":2,",
            "\u00FC",
            "\uD83E\uDE99",
            "\u0000",
            " ",
            "9223372036854775808",
            "2147483648",
            "\"1000:1\"",
            "\"a\":1,\"a\":1,",
            "[[[[[[[[[[[[[[[[[[");
    private static final Map<String, Function<byte[], Object>> DECODERS = Map.of(
            "command", CommandCodec::decode,
            "batch", MutationTest::readBatch,
            "journal", JournalCodec::decode,
            "transit", TransitCodec::decode,
            "outcome", OutcomeCodec::decode,
            "checkpoint", CheckpointCodec::decode);
    private static final List<String> NAMES = List.copyOf(DECODERS.keySet());

    private final Random random = new Random(SEED);
    private int decoded;
    private int refused;

    @Test
    void onlyEverRefusesWithAReason() {
        Map<String, List<byte[]>> samples = Map.of(
                "command", small(Samples.commands().map(CommandCodec::encode)),
                "batch",
                        small(Golden.all()
                                .filter(golden -> golden.schema().equals("batch"))
                                .map(Golden::file)),
                "journal",
                        small(Samples.entries()
                                .map(entry ->
                                        JournalCodec.encode(entry, Hash.ZERO).bytes())),
                "transit", small(Samples.transits().map(TransitCodec::encode)),
                "outcome", small(Samples.outcomes().map(OutcomeCodec::encode)),
                "checkpoint",
                        small(Golden.all()
                                .filter(golden -> golden.schema().equals("checkpoint"))
                                .map(Golden::file)));
        for (int i = 0; i < INPUTS; i++) {
            String name = NAMES.get(i % NAMES.size());
            // Now and then a message of another kind.
            List<byte[]> kind = samples.getOrDefault(NAMES.get(random.nextInt(NAMES.size())), List.of());
            List<byte[]> inputs = random.nextInt(8) == 0 ? kind : samples.getOrDefault(name, List.of());
            byte[] input = inputs.get(random.nextInt(inputs.size()));
            for (int changes = 1 + random.nextInt(CHANGES_MAX); changes > 0; changes--) {
                input = change(input, kind);
            }
            decode(name, input);
        }
        // The mutations are neither too tame nor too wild to reach what is behind the parser.
        assertThat(decoded).as("decoded").isGreaterThan(INPUTS / 20);
        assertThat(refused).as("refused").isGreaterThan(INPUTS / 2);
    }

    /** What is no batch is read as a command; each command of a batch is read or refused alone. */
    private static Object readBatch(byte[] bytes) {
        if (!Batch.is(bytes)) {
            return CommandCodec.decode(bytes);
        }
        List<byte[]> commands = Batch.split(bytes);
        for (CommandRecord.Part part :
                CommandRecord.read(null, bytes, new RecordHeaders(), "c-0@0", 1, 0, new KafkaRouter(2))) {
            assertThat(part.value()).isEqualTo(commands.get(part.index()));
        }
        return commands;
    }

    private static List<byte[]> small(Stream<byte[]> messages) {
        return messages.filter(message -> message.length < 2_000).toList();
    }

    private void decode(String name, byte[] input) {
        try {
            decoded += DECODERS.getOrDefault(name, bytes -> bytes).apply(input) == null ? 0 : 1;
        } catch (MalformedException e) {
            refused++;
            assertThat(OutcomeCodec.encode(e)).isNotEmpty();
        } catch (InvariantViolation e) {
            if (!name.equals("journal") || !String.valueOf(e.getMessage()).startsWith("must sum to zero")) {
                throw failure(name, input, e);
            }
        } catch (RuntimeException | StackOverflowError e) {
            throw failure(name, input, e);
        }
    }

    private static AssertionError failure(String name, byte[] input, Throwable cause) {
        return new AssertionError(
                name + " seed=" + SEED + " input=" + HexFormat.of().formatHex(input), cause);
    }

    private byte[] change(byte[] input, List<byte[]> samples) {
        if (input.length == 0) {
            return token();
        }
        int at = random.nextInt(input.length);
        int length = Math.min(1 + random.nextInt(8), input.length - at);
        return switch (random.nextInt(8)) {
            case 0 -> flip(input, at);
            case 1 -> splice(input, at, length, new byte[0]);
            case 2 -> splice(input, at, 0, token());
            case 3 -> splice(input, at, length, token());
            case 4 -> splice(input, at, 0, Arrays.copyOfRange(input, at, at + length));
            case 5 -> random.nextInt(8) == 0 ? Arrays.copyOf(input, at) : digit(input, at);
            case 6 -> splice(input, at, length, part(samples.get(random.nextInt(samples.size()))));
            default -> value(input);
        };
    }

    private byte[] flip(byte[] input, int at) {
        byte[] changed = input.clone();
        changed[at] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    /** Changes the next digit, so that numbers and times go out of range but stay numbers. */
    private byte[] digit(byte[] input, int from) {
        byte[] changed = input.clone();
        for (int i = from; i < changed.length; i++) {
            if (changed[i] >= '0' && changed[i] <= '9') {
                changed[i] = (byte) ('0' + random.nextInt(10));
                return changed;
            }
        }
        return changed;
    }

    /** Replaces the value of a member as a whole, so that the result is JSON more often than not. */
    private byte[] value(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int colon = text.indexOf("\":", random.nextInt(text.length()));
        if (colon < 0) {
            return input;
        }
        int end = colon + 2;
        while (end < text.length() && text.charAt(end) != ',' && text.charAt(end) != '}') {
            end++;
        }
        return splice(input, colon + 2, end - colon - 2, token());
    }

    private byte[] part(byte[] sample) {
        int from = random.nextInt(sample.length);
        return Arrays.copyOfRange(sample, from, Math.min(sample.length, from + 1 + random.nextInt(40)));
    }

    private byte[] token() {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] splice(byte[] input, int at, int removed, byte[] inserted) {
        byte[] changed = Arrays.copyOf(input, input.length - removed + inserted.length);
        System.arraycopy(inserted, 0, changed, at, inserted.length);
        System.arraycopy(input, at + removed, changed, at + inserted.length, input.length - at - removed);
        return changed;
    }
}
