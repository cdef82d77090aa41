package io.pacioli.ledger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.service.OpenApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The description of the gateway's routes says what the code does. */
class CommandsDocumentTest {
    private static final String SCHEMAS = "#/components/schemas/v1.command.";

    private final JsonNode document =
            OpenApi.ofFragments(List.of("openapi/commands.yaml")).document();

    @Test
    void takesEveryTypeOfCommandThatTheTopicTakes() throws IOException {
        JsonNode schema;
        try (InputStream stream =
                Objects.requireNonNull(CommandsDocumentTest.class.getResourceAsStream("/schemas/v1/command.json"))) {
            schema = Json.mapper().readTree(stream);
        }
        List<String> ofTopic = schema.path("oneOf").findValuesAsText("$ref").stream()
                .map(reference -> reference.replace("#/$defs/", SCHEMAS))
                .toList();
        assertThat(document.at("/components/schemas/CommandRequest/oneOf").findValuesAsText("$ref"))
                .hasSizeGreaterThan(10)
                .containsExactlyInAnyOrderElementsOf(ofTopic);
    }

    @Test
    void givesAnExampleOfEveryTypeOfCommand() {
        List<String> types = document
                .at("/paths/~1v1~1commands/post/requestBody/content/application~1json/examples")
                .findValues("value")
                .stream()
                .map(example -> CommandCodec.decode(example.toString().getBytes(StandardCharsets.UTF_8))
                        .type())
                .distinct()
                .toList();
        assertThat(types)
                .containsExactlyInAnyOrderElementsOf(Stream.of(Command.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .toList());
    }
}
