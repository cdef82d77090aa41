package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.Event;
import io.pacioli.ledger.core.Fields;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Rejection;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final String TRANSFER =
            "{\"type\":\"Transfer\",\"id\":\"t\",\"asset\":\"GOLD\",\"from\":\"a\",\"to\":\"b\",\"amount\":\"5\"%s}";

    private static List<?> errors(String schema, byte[] json) {
        Schema loaded = REGISTRY.getSchema(SchemaLocation.of("classpath:schemas/v1/" + schema + ".json"));
        return loaded.validate(new String(json, StandardCharsets.UTF_8), InputFormat.JSON);
    }

    private static List<?> errors(String schema, String json) {
        return errors(schema, json.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode read(String resource) {
        try (InputStream stream =
                Objects.requireNonNull(SchemaTest.class.getResourceAsStream("/schemas/v1/" + resource), resource)) {
            return MAPPER.readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode common(String pointer) {
        JsonNode node = read("common.json").at("/$defs/" + pointer);
        assertThat(node.isMissingNode()).as(pointer).isFalse();
        return node;
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static List<String> names(Class<?> type) {
        return Stream.of(type.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Golden#all")
    void describesEveryGoldenFile(Golden golden) {
        assertThat(errors(golden.schema(), golden.file())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Samples#commands")
    void describesCommands(Command command) {
        assertThat(errors("command", CommandCodec.encode(command))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Samples#entries")
    void describesEntries(Entry entry) {
        assertThat(errors("journal-entry", JournalCodec.encode(entry, Hash.ZERO).bytes()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Samples#transits")
    void describesTransits(Transit transit) {
        assertThat(errors("transit", TransitCodec.encode(transit))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("io.pacioli.ledger.api.Samples#outcomes")
    void describesOutcomes(Outcome outcome) {
        assertThat(errors("outcome", OutcomeCodec.encode(outcome))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"memo\":null",
                ",\"metadata\":null",
                ",\"unknown\":[{}]",
                ",\"metadata\":{\"a\":\"\"}",
                ",\"memo\":\"\""
            })
    void describesWhatTheDecoderTakes(String more) {
        String json = String.format(Locale.ROOT, TRANSFER, more);
        assertThat(CommandCodec.decode(json.getBytes(StandardCharsets.UTF_8))).isNotNull();
        assertThat(errors("command", json)).isEmpty();
        assertThat(errors("command", json.replace("\"5\"", "5"))).isEmpty();
    }

    @Test
    void refusesWhatTheDecoderRefuses() {
        String plain = String.format(Locale.ROOT, TRANSFER, "");
        Stream<String> refused = Stream.concat(
                Stream.of(
                        "[]",
                        plain.replace("\"id\":\"t\",", ""),
                        plain.replace("\"type\":\"Transfer\",", ""),
                        plain.replace("\"to\":\"b\",", ""),
                        plain.replace("Transfer", "Gift"),
                        plain.replace("GOLD", "gold"),
                        plain.replace("GOLD", "GOLD5678901234567"),
                        plain.replace("\"5\"", "5.5"),
                        plain.replace("\"5\"", "-5"),
                        plain.replace("\"5\"", "\"-5\""),
                        plain.replace("\"5\"", "\"\""),
                        plain.replace("\"5\"", "\"" + "1".repeat(39) + "\""),
                        plain.replace("\"5\"", "1" + "0".repeat(38)),
                        plain.replace("\"5\"", "true"),
                        plain.replace("}", ",\"memo\":\"" + "m".repeat(257) + "\"}"),
                        plain.replace("}", ",\"memo\":\"\\u0007\"}"),
                        plain.replace("}", ",\"metadata\":{\"\":\"\"}}"),
                        plain.replace("}", ",\"metadata\":{\"a\":1}}"),
                        plain.replace("}", ",\"metadata\":{\"a\":\"" + "m".repeat(257) + "\"}}"),
                        plain.replace("}", ",\"metadata\":{\"" + "k".repeat(65) + "\":\"\"}}")),
                Stream.of("", "a b", "a\\u0000", "\\u00a0", "\\u200b", "\\ue000", "a".repeat(129))
                        .map(account -> plain.replace("\"from\":\"a\"", "\"from\":\"" + account + "\"")));
        assertThat(refused).allSatisfy(json -> {
            assertThat(errors("command", json)).as(json).isNotEmpty();
            assertThat(isRefused(json)).as(json).isTrue();
        });
    }

    private static boolean isRefused(String json) {
        try {
            CommandCodec.decode(json.getBytes(StandardCharsets.UTF_8));
            return false;
        } catch (MalformedException e) {
            return true;
        }
    }

    @Test
    void statesTheLimitsThatTheCoreKeeps() {
        Map<String, Integer> limits = Map.ofEntries(
                Map.entry("identifier/maxLength", Fields.ID_LENGTH_MAX),
                Map.entry("assetCode/maxLength", Fields.ASSET_LENGTH_MAX),
                Map.entry("name/maxLength", Fields.NAME_LENGTH_MAX),
                Map.entry("symbol/maxLength", Fields.SYMBOL_LENGTH_MAX),
                Map.entry("memo/maxLength", Fields.MEMO_LENGTH_MAX),
                Map.entry("decimals/maximum", Fields.DECIMALS_MAX),
                Map.entry("metadata/maxProperties", Fields.METADATA_ENTRIES_MAX),
                Map.entry("metadata/propertyNames/maxLength", Fields.METADATA_KEY_LENGTH_MAX),
                Map.entry("metadata/additionalProperties/maxLength", Fields.METADATA_VALUE_LENGTH_MAX),
                Map.entry("limitsInput/maxProperties", Fields.ACCOUNT_LIMITS_MAX),
                Map.entry("maxBalancesInput/maxProperties", Fields.ACCOUNT_LIMITS_MAX),
                Map.entry("limits/maxProperties", Fields.ACCOUNT_LIMITS_MAX),
                Map.entry("maxBalances/maxProperties", Fields.ACCOUNT_LIMITS_MAX),
                Map.entry("shard/maximum", ShardConfiguration.SHARDS_MAX - 1));
        assertThat(limits)
                .allSatisfy(
                        (pointer, limit) -> assertThat(common(pointer).asInt()).isEqualTo(limit));
        assertThat(Fields.ACCOUNT_LENGTH_MAX).isEqualTo(Fields.ID_LENGTH_MAX);
        assertThat(common("amountInput/anyOf/1/maximum").bigIntegerValue()).isEqualTo(Amount.MAX);
        assertThat(read("command.json").path("description").asText())
                .contains(Integer.toString(CommandCodec.BYTES_MAX));
    }

    @Test
    void namesEveryTypeThereIs() {
        assertThat(texts(read("command.json").at("/properties/type/enum"))).isEqualTo(names(Command.class));
        assertThat(texts(common("eventType/enum"))).isEqualTo(names(Event.class));
        assertThat(texts(read("transit.json").at("/properties/type/enum"))).isEqualTo(names(Transit.class));
        assertThat(texts(common("rejectionCode/enum")))
                .isEqualTo(
                        Arrays.stream(Rejection.values()).map(Rejection::name).toList());
    }

    @Test
    void describesTheHeadersOfADeadLetter() throws JsonProcessingException {
        RecordHeaders headers = new RecordHeaders();
        headers.add(Headers.DEAD_LETTER_TOPIC, Headers.text("ledger.commands"));
        headers.add(Headers.DEAD_LETTER_PARTITION, Headers.integer(3));
        headers.add(Headers.DEAD_LETTER_OFFSET, Headers.whole(991));
        headers.add(Headers.DEAD_LETTER_REASON, Headers.text("amount must be a string of digits: 1.5"));
        Map<String, Object> decoded = Map.of(
                Headers.DEAD_LETTER_TOPIC,
                Objects.requireNonNull(Headers.text(headers, Headers.DEAD_LETTER_TOPIC)),
                Headers.DEAD_LETTER_PARTITION,
                Headers.integer(headers, Headers.DEAD_LETTER_PARTITION).orElseThrow(),
                Headers.DEAD_LETTER_OFFSET,
                new BigInteger(headers.lastHeader(Headers.DEAD_LETTER_OFFSET).value()),
                Headers.DEAD_LETTER_REASON,
                Objects.requireNonNull(Headers.text(headers, Headers.DEAD_LETTER_REASON)));
        assertThat(decoded).containsEntry(Headers.DEAD_LETTER_PARTITION, 3);
        assertThat(errors("dead-letter", MAPPER.writeValueAsString(decoded))).isEmpty();
        assertThat(texts(read("dead-letter.json").path("required")))
                .containsExactlyInAnyOrderElementsOf(decoded.keySet());
        assertThat(errors("dead-letter", "{}")).isNotEmpty();
    }
}
