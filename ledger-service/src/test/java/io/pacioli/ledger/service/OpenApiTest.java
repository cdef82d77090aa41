package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.pacioli.ledger.service.OpenApi.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenApiTest {
    private static final String THINGS = "openapi/things.yaml";

    private final JsonNode document = OpenApi.ofFragments(List.of(THINGS)).document();

    private static HttpModule module(String fragment) {
        return new HttpModule() {
            @Override
            public void register(RoutesConfig routes) {}

            @Override
            public Optional<String> openApi() {
                return Optional.of(fragment);
            }
        };
    }

    private static List<String> names(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    @Test
    void mergesWhatModulesDescribe() {
        OpenApi both =
                OpenApi.of(List.of(module(THINGS), module(THINGS), module("openapi/process.yaml"), routes -> {}));
        assertThat(both.operations())
                .containsExactly(
                        new Operation("GET", "/v1/things"),
                        new Operation("POST", "/v1/things"),
                        new Operation("GET", "/healthz"),
                        new Operation("GET", "/readyz"),
                        new Operation("GET", "/metrics"));
        assertThat(both.document().path("tags").findValuesAsText("name")).containsExactly("things", "process");
        assertThat(both.document().at("/info/title").asText()).isEqualTo("Pacioli");
        assertThat(both.document().path("openapi").asText()).startsWith("3.1.");
    }

    @Test
    void leavesOutComponentsThatNothingRefersTo() {
        assertThat(names(document.at("/components/schemas")))
                .contains("Things", "Thing", "Problem")
                .doesNotContain("Unused", "Metadata");
        assertThat(names(document.at("/components/responses"))).containsExactly("BadRequest");
        assertThat(document.path("components").has("headers")).isFalse();
    }

    @Test
    void takesInTheSchemasOfMessagesAndWhatTheyReferTo() {
        String reference = document.at("/paths/~1v1~1things/post/requestBody/content/application~1json/schema/$ref")
                .asText();
        assertThat(reference).isEqualTo("#/components/schemas/v1.command.Transfer");
        assertThat(document.at("/components/schemas/v1.command.Transfer/properties/amount/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/v1.common.amountInput");
        assertThat(document.at("/components/schemas/v1.common.amount/pattern").asText())
                .isEqualTo("^[0-9]{1,38}$");
        assertThat(document.findValuesAsText("$ref"))
                .allSatisfy(each -> assertThat(each).startsWith("#/components/"));
    }

    @ParameterizedTest
    @CsvSource({
        "again-path, openapi/again-path.yaml describes again: paths /v1/things get",
        "again-template, two paths differ in the names of their parameters only: /v1/things/{id}",
        "again-operation, two operations have the operationId things: one is get /v1/others",
        "again-component, openapi/again-component.yaml describes again: components schemas Thing",
        "again-tag, openapi/again-tag.yaml describes differently: tag things",
        "dangling, #/components/schemas/Nothing refers to nothing",
        "no-schema, schemas/v1/command.json#/$defs/Bribe is no schema",
        "twice, 'openapi/twice.yaml: Duplicate field'",
        "missing, there is no resource openapi/missing.yaml"
    })
    void refusesWhatDoesNotFit(String fragment, String message) {
        List<HttpModule> modules = List.of(module(THINGS), module("openapi/" + fragment + ".yaml"));
        assertThatThrownBy(() -> RunningServer.of(modules.toArray(HttpModule[]::new)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(message);
    }
}
