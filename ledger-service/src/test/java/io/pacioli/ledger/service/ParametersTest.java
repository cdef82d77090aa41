package io.pacioli.ledger.service;

import static io.pacioli.ledger.service.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.pacioli.ledger.core.Position;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ParametersTest {
    private final RunningServer running = RunningServer.of(ParametersTest::routes);

    private enum Order {
        NEWEST_FIRST,
        OLDEST_FIRST
    }

    private static void routes(RoutesConfig routes) {
        routes.get("/of/{account}", context -> {
            Parameters parameters = Parameters.of(context);
            context.json(Map.of(
                    "account", parameters.path("account"),
                    "limit", parameters.integer("limit", 20, 1, 100),
                    "order", parameters.choice("order", Order.NEWEST_FIRST),
                    "some",
                            parameters
                                    .choice("some", List.of(Order.OLDEST_FIRST))
                                    .isPresent(),
                    "flag", parameters.flag("flag"),
                    "wait",
                            parameters
                                    .duration("wait", Duration.ofSeconds(5), Duration.ofSeconds(30))
                                    .toMillis(),
                    "text", parameters.text("text").orElse("none"),
                    "at",
                            parameters
                                    .value("at", Position::parse)
                                    .map(Position::toString)
                                    .orElse("nowhere")));
        });
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void readsWhatIsThereAndFallsBackToWhatIsNot() {
        JsonNode absent = json(running.get("/of/alice"));
        assertThat(absent.path("account").asText()).isEqualTo("alice");
        assertThat(absent.path("limit").asInt()).isEqualTo(20);
        assertThat(absent.path("order").asText()).isEqualTo("NEWEST_FIRST");
        assertThat(absent.path("some").asBoolean()).isFalse();
        assertThat(absent.path("flag").asBoolean()).isFalse();
        assertThat(absent.path("wait").asInt()).isEqualTo(5_000);
        assertThat(absent.path("text").asText()).isEqualTo("none");
        JsonNode given = json(running.get(
                "/of/bob?limit=100&order=oldest-first&some=oldest-first&flag=true&wait=250ms&text=a%20b&at=3:7"));
        assertThat(given.path("limit").asInt()).isEqualTo(100);
        assertThat(given.path("order").asText()).isEqualTo("OLDEST_FIRST");
        assertThat(given.path("some").asBoolean()).isTrue();
        assertThat(given.path("flag").asBoolean()).isTrue();
        assertThat(given.path("wait").asInt()).isEqualTo(250);
        assertThat(given.path("text").asText()).isEqualTo("a b");
        assertThat(given.path("at").asText()).isEqualTo("3:7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limit=0     | limit must be a whole number from 1 to 100: limit=0",
                "limit=x     | limit must be a whole number from 1 to 100: limit=x",
                "limit=99999999999 | limit must be a whole number from 1 to 100: limit=99999999999",
                "limit=1&limit=2 | limit must occur once: limit=1&2",
                "limit=      | limit must be 1 to 1024 characters that are not all blank: limit=",
                "order=up    | order must be one of newest-first, oldest-first: order=up",
                "some=newest-first | some must be one of oldest-first: some=newest-first",
                "flag=yes    | flag must be one of false, true: flag=yes",
                "wait=5      | wait must be a duration such as 250ms, 5s, 2m, 1h, 7d or PT1M30S: wait=5",
                "wait=-1s    | wait must be a duration such as 250ms, 5s, 2m, 1h, 7d or PT1M30S: wait=-1s",
                "wait=PT31S  | wait must be at most 30s: wait=PT31S",
                "at=3-7      | at must be <shard>:<sequence>, such as 3:1841: at=3-7",
            })
    void namesTheFieldTheRuleAndTheValue(String query, String detail) {
        HttpResponse<String> response = running.get("/of/alice?" + query);
        JsonNode problem = json(response);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(problem.path("code").asText()).isEqualTo("INVALID_PARAMETER");
        assertThat(problem.path("detail").asText()).isEqualTo(detail);
        assertThat(detail)
                .isEqualTo(problem.path("field").asText() + " "
                        + problem.path("rule").asText() + ": "
                        + problem.path("field").asText() + "="
                        + problem.path("value").asText());
    }

    @Test
    void refusesBlankPathParametersAndShortensLongValues() {
        assertThat(json(running.get("/of/%20")).path("field").asText()).isEqualTo("account");
        assertThat(json(running.get("/of/a?limit=" + "9".repeat(500)))
                        .path("value")
                        .asText())
                .hasSize(81);
    }
}
