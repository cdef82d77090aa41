package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.OpenApi;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The descriptions of all HTTP APIs are complete, and say what the code does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OpenApiTest {
    private final AllModules all = new AllModules();
    private final OpenApi api = OpenApi.of(all.modules());

    @AfterAll
    void close() {
        all.close();
    }

    @Test
    void describesExactlyTheRoutesThatThereAre() {
        assertThat(api.operations()).hasSizeGreaterThan(4).containsExactlyInAnyOrderElementsOf(all.routes());
    }

    @Test
    void leavesNothingToBeDesired() {
        assertThat(OpenApiLint.faults(api.document())).isEmpty();
    }

    @Test
    void usesEveryComponentOfEveryFragment() throws IOException {
        Stream<String> fragments = all.modules().stream()
                .map(HttpModule::openApi)
                .flatMap(Optional::stream)
                .distinct();
        List<String> unused = new ArrayList<>();
        JsonNode used = api.document().path("components");
        for (String fragment :
                Stream.concat(Stream.of(OpenApi.COMMON), fragments).toList()) {
            try (InputStream stream =
                    Objects.requireNonNull(OpenApi.class.getClassLoader().getResourceAsStream(fragment))) {
                new YAMLMapper()
                        .readTree(stream)
                        .path("components")
                        .forEachEntry((section, members) -> members.forEachEntry((name, component) -> {
                            if (!used.path(section).has(name)) {
                                unused.add(fragment + " " + section + " " + name);
                            }
                        }));
            }
        }
        assertThat(unused).isEmpty();
    }

    @Test
    void namesTheFragmentsOfWhatMayBeLeftOut() {
        Set<String> named = new HashSet<>();
        all.modules().forEach(module -> module.openApi().ifPresent(named::add));
        assertThat(named)
                .containsAll(Arrays.stream(Projection.values())
                        .map(Projection::fragment)
                        .toList());
    }

    /** Each removes or spoils one thing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/paths/~1v1~1commands/post | operationId | | must have an operationId",
                "/paths/~1v1~1commands/post | summary | | must have a summary",
                "/paths/~1v1~1commands/post | description | \"\" | must have a description",
                "/paths/~1v1~1commands/post | tags | [\"nobody\"] | these tags are not declared",
                "/paths/~1v1~1commands/post/parameters/1 | description | | wait: must have a description",
                "/paths/~1v1~1commands/post/parameters/1/schema | pattern | | none",
                "/paths/~1v1~1commands/post/parameters/1 | schema | {\"type\":\"string\"} | wait: must be bounded",
                "/paths/~1v1~1commands/post/parameters/1 | example | \"soon\" | wait: example",
                "/paths/~1v1~1commands/post/parameters/1 | in | \"path\" | must have the parameters of its path",
                "/paths/~1v1~1commands/post/responses | 400 | | must describe 400",
                "/paths/~1v1~1commands/post/responses/200/content/application~1json | example | | must have an example",
                "/paths/~1v1~1commands/post/responses/200/content/application~1json | schema | | must have a schema",
                "/paths/~1v1~1commands/post/responses/200/content/application~1json/example | more | 1 | example",
                "/paths/~1v1~1commands/post/responses/200/content/application~1json/example | type | | example",
                "/paths/~1v1~1commands/post/responses/200/content/application~1json/example | type | \"Bribe\" | example",
                "/paths/~1v1~1commands/post/responses/422 | content | {\"application/json\":{}} | must be application/problem+json",
                "/paths/~1v1~1commands/post/responses/415 | content | | must describe its content",
                "/paths/~1v1~1commands/post/responses/202/content/application~1json/examples/undecided/value | status | \"x\" | example",
                "/paths/~1v1~1info/get/responses/200/content/application~1json/example | projections | [\"x\"] | example",
                "/info | version | | document: attribute info.version is missing",
                "/paths/~1v1~1info/get | respones | {} | document: attribute paths.'/v1/info'(get).respones is unexpected",
                "/components/schemas/v1.common.amount | examples | [\"x\"] | schema v1.common.amount",
                "/tags/0 | name | \"other\" | no operation has this tag",
                "/servers/0 | url | \"https://ledger.example\" | must be relative"
            })
    void findsWhatIsLeftToBeDesired(String place, String member, @Nullable String json, String fault)
            throws IOException {
        ObjectNode document = api.document();
        ObjectNode holder = (ObjectNode) document.at(place);
        holder.remove(member);
        if (json != null) {
            holder.set(member, new YAMLMapper().readTree(json));
        }
        List<String> faults = OpenApiLint.faults(document);
        if (fault.equals("none")) {
            assertThat(faults).isEmpty();
        } else {
            assertThat(faults).isNotEmpty().anySatisfy(one -> assertThat(one).contains(fault));
        }
    }
}
