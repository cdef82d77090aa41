package io.pacioli.ledger.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The AsyncAPI document says what the code does. */
class AsyncApiTest {
    private final JsonNode document = read();

    private static JsonNode read() {
        try (InputStream stream =
                Objects.requireNonNull(AsyncApiTest.class.getResourceAsStream("/schemas/asyncapi.yaml"))) {
            return new YAMLMapper().readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode setting(String channel, String name) {
        return document.at("/channels/" + channel + "/bindings/kafka/topicConfiguration")
                .path(name);
    }

    @Test
    void isAsyncApi3() {
        assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(document.at("/info/title").asText()).isNotBlank();
    }

    @Test
    void resolvesEveryReference() {
        List<String> references = document.findValuesAsText("$ref");
        assertThat(references).hasSizeGreaterThan(10).allSatisfy(reference -> {
            if (reference.startsWith("#/")) {
                assertThat(document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            } else {
                assertThat(AsyncApiTest.class.getResource("/schemas/" + reference.substring("./".length())))
                        .as(reference)
                        .isNotNull();
            }
        });
        assertThat(references)
                .contains(
                        "./v1/command.json",
                        "./v1/batch.json",
                        "./v1/journal-entry.json",
                        "./v1/transit.json",
                        "./v1/outcome.json",
                        "./v1/checkpoint.json",
                        "./v1/dead-letter.json");
    }

    @Test
    void namesTheTopicsAndTheirSettings() {
        Topics topics = Topics.DEFAULT;
        assertThat(Stream.of("commands", "journal", "transit", "checkpoints", "deadLetters", "replies")
                        .map(channel ->
                                document.at("/channels/" + channel + "/address").asText()))
                .containsExactly(
                        topics.commands(),
                        topics.journal(),
                        topics.transit(),
                        topics.checkpoints(),
                        topics.deadLetters(),
                        topics.replies());
        for (String channel : List.of("commands", "journal", "transit", "checkpoints")) {
            assertThat(document.at("/channels/" + channel + "/bindings/kafka/partitions")
                            .asInt())
                    .isEqualTo(TopicSettings.SHARDS_DEFAULT);
            assertThat(setting(channel, "retention.ms").asInt()).isEqualTo(-1);
        }
        assertThat(document.at("/channels/replies/bindings/kafka/partitions").asInt())
                .isEqualTo(LedgerTopics.REPLY_PARTITIONS);
        assertThat(document.at("/channels/deadLetters/bindings/kafka/partitions")
                        .asInt())
                .isEqualTo(LedgerTopics.DEAD_LETTER_PARTITIONS);
        assertThat(setting("commands", "max.message.bytes").asInt()).isEqualTo(LedgerTopics.COMMAND_RECORD_BYTES_MAX);
        assertThat(setting("journal", "max.message.bytes").asInt()).isEqualTo(LedgerTopics.RECORD_BYTES_MAX);
        assertThat(setting("commands", "message.timestamp.type").asText()).isEqualTo("LogAppendTime");
    }

    @Test
    void namesTheHeadersOfCommandsAndReplies() {
        JsonNode command = document.at("/components/messages/command/headers/properties");
        assertThat(command.properties().stream().map(Map.Entry::getKey))
                .containsExactly(
                        Headers.REPLY_TOPIC,
                        Headers.REPLY_PARTITION,
                        Headers.CORRELATION_ID,
                        Headers.FORWARDED_FROM,
                        Headers.BATCH_INDEX);
        assertThat(document.at("/components/messages/outcome/headers/properties")
                        .has(Headers.CORRELATION_ID))
                .isTrue();
        assertThat(document.at("/components/messages/outcome/headers/properties")
                        .has(Headers.BATCH_INDEX))
                .isTrue();
        assertThat(document.at("/components/messages/outcome/correlationId/location")
                        .asText())
                .isEqualTo("$message.header#/" + Headers.CORRELATION_ID);
    }

    @Test
    void givesExamplesThatAreCommands() {
        JsonNode examples = document.at("/components/messages/command/examples");
        assertThat(examples.findValues("payload").stream()
                        .map(payload -> CommandCodec.decode(payload.toString().getBytes(StandardCharsets.UTF_8))
                                .type()))
                .containsExactly("Transfer", "PlaceHold", "Transact");
    }

    @Test
    void givesAnExampleThatIsABatch() {
        JsonNode batch = document.at("/components/messages/batch");
        byte[] payload = batch.at("/examples/0/payload").toString().getBytes(StandardCharsets.UTF_8);
        assertThat(Batch.is(payload)).isTrue();
        assertThat(Batch.split(payload).stream().map(CommandCodec::decode)).hasSize(2);
        assertThat(batch.path("description").asText())
                .contains(String.format(Locale.ROOT, "%,d commands", Batch.COMMANDS_MAX), Headers.BATCH_INDEX);
        assertThat(batch.at("/bindings/kafka/key/description").asText())
                .contains(Integer.toString(Batch.ENVELOPE_BYTES_MAX));
    }

    @Test
    void spellsTheTick() {
        JsonNode tick = document.at("/components/messages/tick");
        String spelled = new String(Tick.bytes(), StandardCharsets.UTF_8);
        assertThat(tick.at("/examples/0/payload")).hasToString(spelled);
        assertThat(tick.path("description").asText()).contains(spelled);
    }
}
