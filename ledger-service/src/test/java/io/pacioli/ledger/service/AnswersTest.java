package io.pacioli.ledger.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.core.Position;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AnswersTest {
    private static final List<Position> MANY =
            IntStream.range(0, 1_000).mapToObj(i -> new Position(i, 1_234_567)).toList();

    private static RunningServer server(String edition, List<Position> asOf) {
        return RunningServer.of(
                HttpServer.Settings.ofPort(0).withEdition(edition),
                routes -> routes.get("/balance", context -> Answers.json(context, asOf, Map.of("balance", "5"))));
    }

    private static String tag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    @Test
    void anAnswerIsKnownByItsPositionsAtThisVersionAndLedgerOnly() {
        List<Position> asOf = List.of(new Position(3, 1841));
        try (RunningServer running = server("1.0/ledger", asOf);
                RunningServer upgraded = server("1.1/ledger", asOf);
                RunningServer another = server("1.0/other", asOf)) {
            String tag = tag(running.get("/balance"));

            assertThat(running.get("/balance", "If-None-Match", tag).statusCode())
                    .isEqualTo(304);
            assertThat(upgraded.get("/balance", "If-None-Match", tag).statusCode())
                    .isEqualTo(200);
            assertThat(another.get("/balance", "If-None-Match", tag).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void theTagOfManyShardsFitsIntoAHeader() {
        List<Position> later = IntStream.range(0, 1_000)
                .mapToObj(i -> new Position(i, i < 999 ? 1_234_567 : 1_234_568))
                .toList();
        try (RunningServer running = server("1.0/ledger", MANY);
                RunningServer ahead = server("1.0/ledger", later)) {
            String tag = tag(running.get("/balance"));

            assertThat(tag).hasSizeLessThan(510);
            assertThat(running.get("/balance", "If-None-Match", tag).statusCode())
                    .isEqualTo(304);
            assertThat(ahead.get("/balance", "If-None-Match", tag).statusCode()).isEqualTo(200);
        }
    }
}
