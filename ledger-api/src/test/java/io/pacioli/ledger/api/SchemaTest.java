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
import io.pacioli.ledger.core.TransferKind;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
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
    @ValueSource(
            strings = {
                "\"version\":17 | \"version\":0",
                "\"balance\":\"8750\", | ",
                "\"bucket\":\"available\" | \"bucket\":\"pocket\"",
                "\"amount\":\"-1250\" | \"amount\":-1250",
                "\"asset\":\"GOLD\", | "
            })
    void refusesANotificationThatLacksWhatItTells(String change) {
        String json = new String(
                Golden.all()
                        .filter(golden -> golden.name().equals("notification-TransferSent"))
                        .findFirst()
                        .orElseThrow()
                        .file(),
                StandardCharsets.UTF_8);
        String[] parts = change.split(" \\| ?", -1);
        assertThat(json).contains(parts[0]);
        assertThat(errors("notification", json.replace(parts[0], parts[1]))).isNotEmpty();
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'type':'Transfer','asset':'GOLD','from':'a','to':'b','amount':5,'conditions':null",
                "'type':'Transfer','asset':'GOLD','from':'a','to':'b','amount':5,'conditions':{'notBefore':null}",
                "'type':'Transfer','asset':'GOLD','from':'a','to':'b','amount':5,'conditions':{'balanceAtLeast':0}",
                "'type':'FreezeAccount','account':'a','reason':''",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':5,'to':null,'expiresAt':null,'memo':null",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':5,'expiresAt':'2026-11-23T10:15:30Z'",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':5,'expiresAt':'2026-11-23T10:15:30.5Z'",
                "'type':'CaptureHold','hold':'h','from':'a','amount':null,'to':null",
                "'type':'VoidHold','hold':'h','from':'a','reason':7",
                "'type':'Transact','legs':[{'asset':'GOLD','from':'a','to':'b','amount':5,'memo':7}],'deadline':null",
                "'type':'ReverseTransfer','transfer':'t','from':'a','amount':null"
            })
    void describesWhatTheDecoderTakesOfEveryType(String members) {
        String json = withId(members);
        assertThat(isRefused(json)).isFalse();
        assertThat(errors("command", json)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'type':'Transfer','asset':'GOLD','from':'a','to':'b','amount':5,'conditions':[]",
                "'type':'Transfer','asset':'GOLD','from':'a','to':'b','amount':5,'conditions':{'notBefore':5}",
                "'type':'Transfer','asset':'GOLD','from':'a','to':'b','amount':5,'conditions':{'notAfter':'soon'}",
                "'type':'Transfer','asset':'GOLD','from':'a','to':'b','amount':5,'conditions':{'balanceAtLeast':-1}",
                "'type':'FreezeAccount','account':'a'",
                "'type':'FreezeAccount','account':'a','reason':null",
                "'type':'UnfreezeAccount','account':'','reason':''",
                "'type':'CloseAccount','reason':''",
                "'type':'CloseAccount','account':'a','reason':'\\n'",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':'5.0'",
                "'type':'PlaceHold','asset':'GOLD','from':'a'",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':5,'to':''",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':5,'expiresAt':'2026-11-23T10:15:30.Z'",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':5,'expiresAt':'2026-11-23T10:15:30.1234Z'",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':5,'expiresAt':'2026-11-23T10:15:30+00:00'",
                "'type':'PlaceHold','asset':'GOLD','from':'a','amount':5,'expiresAt':'1969-11-23T10:15:30Z'",
                "'type':'CaptureHold','hold':'a b','from':'a'",
                "'type':'CaptureHold','hold':'h','from':'a','amount':-5",
                "'type':'VoidHold','from':'a'",
                "'type':'VoidHold','hold':'h'",
                "'type':'Transact'",
                "'type':'Transact','legs':[]",
                "'type':'Transact','legs':{}",
                "'type':'Transact','legs':[7]",
                "'type':'Transact','legs':[null]",
                "'type':'Transact','legs':[{'asset':'GOLD','from':'a','to':'b'}]",
                "'type':'Transact','legs':[{'asset':'GOLD','from':'a','to':'b','amount':null}]",
                "'type':'Transact','legs':[{'asset':'gold','from':'a','to':'b','amount':5}]",
                "'type':'Transact','legs':[{'asset':'GOLD','from':'','to':'b','amount':5}]",
                "'type':'Transact','legs':[{'asset':'GOLD','from':'a','to':'b','amount':5}],'deadline':5",
                "'type':'ReverseTransfer','from':'a'",
                "'type':'ReverseTransfer','transfer':'t','from':'a','amount':[]",
                "'type':'Tick'"
            })
    void refusesWhatTheDecoderRefusesOfEveryType(String members) {
        String json = withId(members);
        assertThat(isRefused(json)).isTrue();
        assertThat(errors("command", json)).isNotEmpty();
    }

    @Test
    void refusesMoreLegsThanTheDecoderTakes() {
        String leg = "{'asset':'GOLD','from':'a','to':'b','amount':5}";
        String most = withId("'type':'Transact','legs':[" + (leg + ",").repeat(99) + leg + "]");
        String more = withId("'type':'Transact','legs':[" + (leg + ",").repeat(100) + leg + "]");
        assertThat(isRefused(most)).isFalse();
        assertThat(errors("command", most)).isEmpty();
        assertThat(isRefused(more)).isTrue();
        assertThat(errors("command", more)).isNotEmpty();
    }

    @Test
    void describesABatchOfCommandsAndNothingElse() {
        String plain = String.format(Locale.ROOT, TRANSFER, "");
        String batch = "{\"type\":\"Batch\",\"commands\":[%s]}";
        assertThat(errors("batch", String.format(Locale.ROOT, batch, plain + "," + plain)))
                .isEmpty();
        for (String wrong : List.of(
                String.format(Locale.ROOT, batch, ""),
                String.format(Locale.ROOT, batch, "{}"),
                String.format(Locale.ROOT, batch, String.format(Locale.ROOT, batch, plain)),
                String.format(Locale.ROOT, batch, (plain + ",").repeat(1_000) + plain),
                "{\"type\":\"Batch\"}",
                "{\"commands\":[" + plain + "]}")) {
            assertThat(errors("batch", wrong)).isNotEmpty();
        }
    }

    /** A command of these members, with apostrophes for quotes. */
    private static String withId(String members) {
        return ("{'id':'i'," + members + "}").replace('\'', '"');
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"numbers\":[4,12] | \"numbers\":[4,0]",
                "\"numbers\":[4,12] | \"x\":[4,12]",
                "\"leg\":1 | \"leg\":100",
                "\"leg\":1 | \"x\":1",
                "\"legs\":[ | \"legs\":[],\"x\":[",
                "\"coordinator\":3, | ''",
                ":00.123Z | :00Z",
                "\"toShard\":5 | \"toShard\":1000"
            })
    void refusesAnEntryOfATransactionThatTheDecoderRefuses(String part, String replacement) {
        Event begun = new Event.TransactionBegun(Samples.TRANSACTION, List.of(4L, 12L));
        String json = new String(
                JournalCodec.encode(Samples.entry(begun, List.of()), Hash.ZERO).bytes(), StandardCharsets.UTF_8);
        assertThat(json).contains(part);
        assertThat(errors("journal-entry", json)).isEmpty();
        assertThat(errors("journal-entry", json.replace(part, replacement))).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransferKind.class,
            names = {"CAPTURE", "REVERSAL"})
    void refusesATransferThatDoesNotSayWhatItGoesBackTo(TransferKind kind) {
        assertThat(errors(
                        "transit", TransitCodec.encode(new Transit.TransferCredit(0, 5, 12, Samples.referring(kind)))))
                .isEmpty();
        assertThat(errors("transit", TransitCodec.encode(new Transit.TransferCredit(0, 5, 12, Samples.terms(kind)))))
                .isNotEmpty();
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
                Map.entry("transactionTerms/properties/legs/maxItems", Command.Transact.LEGS_MAX),
                Map.entry("placedLeg/properties/leg/maximum", Command.Transact.LEGS_MAX - 1),
                Map.entry("shard/maximum", ShardConfiguration.SHARDS_MAX - 1));
        assertThat(limits)
                .allSatisfy(
                        (pointer, limit) -> assertThat(common(pointer).asInt()).isEqualTo(limit));
        assertThat(Fields.ACCOUNT_LENGTH_MAX).isEqualTo(Fields.ID_LENGTH_MAX);
        assertThat(common("amountInput/anyOf/1/maximum").bigIntegerValue()).isEqualTo(Amount.MAX);
        assertThat(read("command.json")
                        .at("/$defs/Transact/properties/legs/maxItems")
                        .asInt())
                .isEqualTo(Command.Transact.LEGS_MAX);
        assertThat(read("command.json")
                        .at("/$defs/Transact/properties/deadline/description")
                        .asText())
                .contains(Command.Transact.DEADLINE_DEFAULT_MILLIS / 1_000 + " seconds");
        assertThat(read("journal-entry.json").at("/$defs/numbers/maxItems").asInt())
                .isEqualTo(ShardConfiguration.SHARDS_MAX - 1);
        assertThat(read("command.json").path("description").asText())
                .contains(Integer.toString(CommandCodec.BYTES_MAX));
        assertThat(read("batch.json").path("description").asText())
                .contains(Integer.toString(Batch.BYTES_MAX), Integer.toString(Batch.ENVELOPE_BYTES_MAX));
        assertThat(read("batch.json").at("/properties/commands/maxItems").asInt())
                .isEqualTo(Batch.COMMANDS_MAX);
        assertThat(read("dead-letter.json")
                        .at("/properties/" + Headers.BATCH_INDEX + "/maximum")
                        .asInt())
                .isEqualTo(Batch.COMMANDS_MAX - 1);
    }

    @Test
    void namesEveryTypeThereIs() {
        assertThat(texts(read("command.json").at("/properties/type/enum"))).isEqualTo(names(Command.class));
        assertThat(texts(common("eventType/enum"))).isEqualTo(names(Event.class));
        assertThat(texts(read("transit.json").at("/properties/type/enum"))).isEqualTo(names(Transit.class));
        assertThat(texts(common("terms/properties/kind/enum")))
                .isEqualTo(Arrays.stream(TransferKind.values())
                        .map(TransferKind::wireName)
                        .toList());
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
