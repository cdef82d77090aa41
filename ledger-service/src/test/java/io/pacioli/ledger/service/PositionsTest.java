package io.pacioli.ledger.service;

import static io.pacioli.ledger.service.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PositionsTest {
    private final PositionGate gate = PositionGate.updated(6, 1);
    private final RunningServer running = RunningServer.of(routes -> routes.get("/balances", context -> {
        Positions.await(context, gate);
        context.json(Map.of());
    }));

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void answersAtOnceWithoutAPositionOrWithOneThatIsReached() {
        gate.update(3, 10);
        assertThat(running.get("/balances").statusCode()).isEqualTo(200);
        assertThat(running.get("/balances?position=3:10").statusCode()).isEqualTo(200);
        assertThat(running.get("/balances?position=3:10,3:9,2:0").statusCode()).isEqualTo(200);
        assertThat(running.get("/balances?position=3:10" + ",3:10".repeat(2_500))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void answersOnceThePositionIsReached() throws Exception {
        CompletableFuture<HttpResponse<String>> response =
                CompletableFuture.supplyAsync(() -> running.get("/balances?position=0:5&wait=20s"));
        while (gate.waiting() == 0) {
            Thread.onSpinWait();
        }
        HttpResponse<String> refused = running.get("/balances?position=0:6&wait=20s");
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(json(refused).path("code").asText()).isEqualTo("TOO_MANY_WAITERS");
        gate.update(0, 5);
        assertThat(response.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void answers503WithTheCurrentPositionWhenTheTimeIsUp() {
        gate.update(4, 7);
        HttpResponse<String> response = running.get("/balances?position=4:9&wait=10ms");
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        JsonNode problem = json(response);
        assertThat(problem.path("code").asText()).isEqualTo("POSITION_NOT_REACHED");
        assertThat(problem.path("position").asText()).isEqualTo("4:7");
        assertThat(problem.path("detail").asText())
                .isEqualTo("the projection is at 4:7 and did not reach 4:9 within 10ms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3        | must be <shard>:<sequence>, such as 3:1841",
                "3:1,     | must be <shard>:<sequence>, such as 3:1841",
                "-3:1     | must be <shard>:<sequence>, such as 3:1841",
                "3:99999999999999999999 | must be <shard>:<sequence>, such as 3:1841",
                "6:1      | must name a shard from 0 to 5",
            })
    void refusesMalformedPositions(String position, String rule) {
        HttpResponse<String> response = running.get("/balances?position=" + position);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("field").asText()).isEqualTo("position");
        assertThat(json(response).path("rule").asText()).isEqualTo(rule);
        assertThat(json(response).path("value").asText()).isEqualTo(position);
    }
}
