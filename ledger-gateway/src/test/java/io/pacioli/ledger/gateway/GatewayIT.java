package io.pacioli.ledger.gateway;

import static io.pacioli.ledger.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.testkit.TestServices;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The gateway in front of a ledger that answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayIT {
    private static final int SHARDS = 3;
    private static final String KEY = CommandRequest.IDEMPOTENCY_KEY;

    private final String kafka = TestServices.kafka().bootstrapServers();
    private final Topics topics = Topics.withPrefix(TestServices.kafka().freshPrefix() + "gateway");
    private final Responder responder = start();
    private final RunningGateway gateway =
            RunningGateway.start(RunningGateway.settings(kafka, topics)).awaitReady();

    private Responder start() {
        RunningGateway.createTopics(kafka, topics, SHARDS);
        return Responder.start(kafka, topics, SHARDS);
    }

    @BeforeAll
    void fundAlice() {
        accepted(gateway.post("", """
                        {"type":"DefineAsset","id":"d-1","asset":"GOLD","name":"Gold","decimals":2,
                         "initialSupply":"1000000","initialHolder":"alice"}"""));
    }

    @AfterAll
    void stop() {
        gateway.close();
        responder.close();
    }

    private static String transfer(String id, String amount) {
        return "{\"type\":\"Transfer\",\"id\":\"" + id
                + "\",\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":" + amount + "}";
    }

    /** Alice pays bob, and bob pays carol an amount. */
    private static String transact(String id, String amount) {
        return "{\"type\":\"Transact\",\"id\":\"" + id
                + "\",\"legs\":[{\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":\"9\"},"
                + "{\"asset\":\"GOLD\",\"from\":\"bob\",\"to\":\"carol\",\"amount\":" + amount + "}]}";
    }

    private static JsonNode accepted(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode outcome = json(response);
        assertThat(outcome.path("outcome").asText()).isEqualTo("accepted");
        assertThat(outcome.path("position").asText()).matches("[0-2]:[1-9][0-9]*");
        return outcome;
    }

    private static JsonNode problem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("type").asText())
                .isEqualTo(
                        "urn:pacioli:problem:" + code.toLowerCase(Locale.ROOT).replace('_', '-'));
        assertThat(problem.path("detail").asText()).isNotBlank();
        return problem;
    }

    private static JsonNode malformed(HttpResponse<String> response, String field, String rule, String value) {
        JsonNode problem = problem(response, 400, "MALFORMED");
        assertThat(problem.path("field").asText()).isEqualTo(field);
        assertThat(problem.path("rule").asText()).isEqualTo(rule);
        assertThat(problem.path("value").asText()).isEqualTo(value);
        return problem;
    }

    private HttpResponse<String> postWithKey(String key, String json) {
        return gateway.send(gateway.request("")
                .header("Content-Type", "application/json")
                .header(KEY, key)
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    @Test
    void answersWithTheOutcomeAndItsPosition() {
        HttpResponse<String> response = gateway.post("?wait=10s", transfer("t-1", "\"5\""));
        JsonNode outcome = accepted(response);
        assertThat(outcome.path("commandId").asText()).isEqualTo("t-1");
        assertThat(outcome.path("type").asText()).startsWith("Transfer");
        assertThat(outcome.path("at").asText()).matches("20.*Z");
        assertThat(response.headers().firstValue("Location")).hasValue("/v1/commands/t-1");
    }

    @Test
    void answersABatchWithWhatBecameOfEachCommandInOrder() {
        String batch =
                "{\"type\":\"Batch\",\"commands\":[" + transfer("b-1", "5") + ",{\"type\":\"Transfer\",\"id\":\"b-2\"},"
                        + "{\"type\":\"Mint\",\"id\":\"b-3\",\"asset\":\"GOLD\",\"to\":\"bob\",\"amount\":1},"
                        + transfer("b-4", "999999999") + ","
                        + transfer("b-1", "5") + ","
                        + transfer("b-5", "1,\"conditions\":{\"notBefore\":\"2999-01-01T00:00:00Z\"}") + "]}";

        HttpResponse<String> response = gateway.post("/batch?wait=30s", batch);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        JsonNode outcomes = json(response).path("outcomes");
        assertThat(outcomes.findValuesAsText("outcome"))
                .containsExactly("accepted", "malformed", "accepted", "rejected", "accepted", "pending");
        assertThat(outcomes.findValuesAsText("commandId")).containsExactly("b-1", "b-3", "b-4", "b-1", "b-5");
        assertThat(outcomes.get(4)).isEqualTo(outcomes.get(0));
        assertThat(outcomes.at("/3/rejection/code").asText()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(json(gateway.post("/batch?wait=30s", batch)).path("outcomes").get(0))
                .isEqualTo(outcomes.get(0));
    }

    @Test
    void answersABatchAtOnceWhenNobodyWaits() {
        String batch = "{\"type\":\"Batch\",\"commands\":[" + transfer("n-1", "5") + "," + transfer("n-2", "5") + "]}";
        JsonNode outcomes = json(gateway.post("/batch?wait=0", batch)).path("outcomes");
        assertThat(outcomes.findValuesAsText("status")).containsExactly("pending", "pending");
        assertThat(outcomes.findValuesAsText("commandId")).containsExactly("n-1", "n-2");
    }

    @Test
    void refusesWhatIsNoBatch() {
        malformed(gateway.post("/batch", "{\"type\":\"Batch\",\"commands\":[]}"), "commands", "must be 1 to 1000", "0");
        malformed(gateway.post("/batch", transfer("x-1", "5")), "type", "must be Batch", "Transfer");
        String tooLarge = "{\"type\":\"Batch\",\"commands\":[" + " ".repeat(Batch.BYTES_MAX) + "]}";
        JsonNode problem = problem(gateway.post("/batch", tooLarge), 413, "COMMAND_TOO_LARGE");
        assertThat(problem.path("limit").asInt()).isEqualTo(Batch.BYTES_MAX);
    }

    @Test
    void answersEveryTypeOfCommand() {
        List<String> commands = List.of(
                "{\"type\":\"DefineAsset\",\"id\":\"e-1\",\"asset\":\"SILVER\",\"name\":\"Silver\",\"decimals\":0}",
                "{\"type\":\"OpenAccount\",\"id\":\"e-2\",\"account\":\"carol\",\"limits\":{\"GOLD\":\"-5\"}}",
                "{\"type\":\"Mint\",\"id\":\"e-3\",\"asset\":\"GOLD\",\"to\":\"carol\",\"amount\":100}",
                "{\"type\":\"Burn\",\"id\":\"e-4\",\"asset\":\"GOLD\",\"from\":\"alice\",\"amount\":\"7\"}",
                transfer("e-5", "1"),
                "{\"type\":\"FreezeAccount\",\"id\":\"e-6\",\"account\":\"carol\",\"reason\":\"lost card\"}",
                "{\"type\":\"UnfreezeAccount\",\"id\":\"e-7\",\"account\":\"carol\",\"reason\":\"found\"}",
                "{\"type\":\"PlaceHold\",\"id\":\"e-8\",\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"carol\",\"amount\":9}",
                "{\"type\":\"CaptureHold\",\"id\":\"e-9\",\"hold\":\"e-8\",\"from\":\"alice\",\"amount\":\"4\"}",
                "{\"type\":\"VoidHold\",\"id\":\"e-10\",\"hold\":\"e-8\",\"from\":\"alice\"}",
                "{\"type\":\"ReverseTransfer\",\"id\":\"e-11\",\"transfer\":\"e-9\",\"from\":\"carol\"}",
                transact("e-12", "\"2\""),
                "{\"type\":\"OpenAccount\",\"id\":\"e-13\",\"account\":\"empty\"}",
                "{\"type\":\"CloseAccount\",\"id\":\"e-14\",\"account\":\"empty\",\"reason\":\"unused\"}");
        assertThat(commands).allSatisfy(command -> accepted(gateway.post("", command)));
    }

    @Test
    void answers202ForACommandThatWaitsForItsTime() {
        String command = transfer("w-1", "1,\"conditions\":{\"notBefore\":\"2999-01-01T00:00:00Z\"}");
        HttpResponse<String> response = gateway.post("?wait=30s", command);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(response.headers().firstValue("Location")).hasValue("/v1/commands/w-1");
        JsonNode outcome = json(response);
        assertThat(outcome.path("commandId").asText()).isEqualTo("w-1");
        assertThat(outcome.path("outcome").asText()).isEqualTo("pending");
        assertThat(outcome.path("type").asText()).isEqualTo("CommandDeferred");
        assertThat(outcome.path("position").asText()).matches("[0-2]:[1-9][0-9]*");
        assertThat(gateway.post("?wait=30s", command).body()).isEqualTo(response.body());
        assertThat(gateway.metrics())
                .containsPattern("ledger_gateway_commands_total\\{outcome=\"pending\",type=\"Transfer\"} [1-9]");
    }

    @Test
    void namesTheLegOfATransactionThatIsWrong() {
        malformed(
                gateway.post("", transact("x-1", "1.5")),
                "legs[1].amount",
                "must be a string of digits (minor units)",
                "1.5");
        JsonNode problem = problem(gateway.post("", transact("x-2", "0")), 422, "AMOUNT_MUST_BE_POSITIVE");
        assertThat(problem.path("field").asText()).isEqualTo("legs[1].amount");
    }

    @Test
    void answersTheSameAgainForARepeatedCommand() {
        HttpResponse<String> first = gateway.post("", transfer("t-2", "\"5\""));
        HttpResponse<String> again = gateway.post("", transfer("t-2", "5"));
        accepted(first);
        assertThat(again.body()).isEqualTo(first.body());
    }

    @Test
    void answers422ForARejectedCommandWithTheRuleThatItBroke() {
        HttpResponse<String> response = gateway.post("", transfer("t-3", "\"99999999999999\""));
        JsonNode problem = problem(response, 422, "INSUFFICIENT_FUNDS");
        assertThat(problem.path("title").asText()).isEqualTo("Insufficient funds");
        assertThat(problem.path("field").asText()).isEqualTo("amount");
        assertThat(problem.path("limit").asText()).matches("[0-9]+");
        assertThat(problem.path("value").asText()).isEqualTo("99999999999999");
        assertThat(problem.path("commandId").asText()).isEqualTo("t-3");
        assertThat(problem.path("position").asText()).matches("[0-2]:[1-9][0-9]*");
        assertThat(response.headers().firstValue("Location")).hasValue("/v1/commands/t-3");
    }

    @Test
    void answers409WhenAnIdIsUsedForAnotherCommand() {
        accepted(gateway.post("", transfer("t-4", "\"5\"")));
        JsonNode problem = problem(gateway.post("", transfer("t-4", "\"6\"")), 409, "IDEMPOTENCY_CONFLICT");
        assertThat(problem.path("field").asText()).isEqualTo("id");
        assertThat(problem.path("commandId").asText()).isEqualTo("t-4");
    }

    @Test
    void takesTheIdFromTheIdempotencyKey() {
        String json = "{\"type\":\"Transfer\",\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":1}";
        HttpResponse<String> plain = postWithKey("k/1", json);
        assertThat(accepted(plain).path("commandId").asText()).isEqualTo("k/1");
        assertThat(plain.headers().firstValue("Location")).hasValue("/v1/commands/k%2F1");
        assertThat(postWithKey("\"k/1\"", json).body()).isEqualTo(plain.body());
        accepted(postWithKey("t-5", transfer("t-5", "1")));
    }

    @Test
    void answers400WhenIdAndIdempotencyKeyDiffer() {
        malformed(postWithKey("k-2", transfer("t-6", "1")), "id", "must equal the idempotency key k-2", "t-6");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "\"\""})
    void answers400ForAnIdempotencyKeyThatIsNoId(String key) {
        JsonNode problem = problem(postWithKey(key, transfer("t-7", "1")), 400, "MALFORMED");
        assertThat(problem.path("field").asText()).isEqualTo(KEY);
    }

    @Test
    void answers400ForSeveralIdempotencyKeysOrOneThatIsTooLong() {
        HttpResponse<String> twice = gateway.send(gateway.request("")
                .header("Content-Type", "application/json")
                .header(KEY, "k-3")
                .header(KEY, "k-4")
                .POST(BodyPublishers.ofString(transfer("k-3", "1")))
                .build());
        assertThat(problem(twice, 400, "MALFORMED").path("field").asText()).isEqualTo(KEY);
        assertThat(problem(postWithKey("k".repeat(129), transfer("k-3", "1")), 400, "MALFORMED")
                        .path("field")
                        .asText())
                .isEqualTo(KEY);
    }

    @Test
    void explainsWhereAnIdMayCome() {
        malformed(
                gateway.post("", "{\"type\":\"Mint\",\"asset\":\"GOLD\",\"to\":\"bob\",\"amount\":1}"),
                "id",
                "must be given, in the JSON or as the header Idempotency-Key",
                "nothing");
    }

    @Test
    void answers400ForWhatIsNoCommand() {
        malformed(
                gateway.post("", transfer("t-8", "1.5")), "amount", "must be a string of digits (minor units)", "1.5");
        assertThat(problem(gateway.post("", "{\"type\":\"Bribe\",\"id\":\"t-9\"}"), 400, "MALFORMED")
                        .path("rule")
                        .asText())
                .startsWith("must be one of DefineAsset, OpenAccount, ");
        malformed(gateway.post("", "{\"id\":1}"), "id", "must be a string, in the JSON or as the header " + KEY, "1");
        for (String body : List.of("", "[]", "{", "7", "{} {}", "{\"a\":\"\\ud800\"}")) {
            assertThat(problem(gateway.post("", body), 400, "MALFORMED")
                            .path("field")
                            .asText())
                    .isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource({"31s", "forever", "-1s", "0x", "''"})
    void answers400ForAWaitOutOfRange(String wait) {
        JsonNode problem = problem(gateway.post("?wait=" + wait, transfer("t-10", "1")), 400, "INVALID_PARAMETER");
        assertThat(problem.path("field").asText()).isEqualTo("wait");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0s", "0ms", "PT0S"})
    void answers202AtOnceWhenNobodyWaits(String wait) {
        HttpResponse<String> response = gateway.post("?wait=" + wait, transfer("n-" + wait, "1"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"commandId\":\"n-" + wait + "\",\"status\":\"pending\"}");
        assertThat(response.headers().firstValue("Location")).hasValue("/v1/commands/n-" + wait);
        accepted(gateway.post("?wait=30s", transfer("n-" + wait, "1")));
    }

    @Test
    void answers413ForABodyAbove64KiBWhetherItsLengthIsDeclaredOrNot() {
        String padded = transfer("t-11", "1")
                + " ".repeat(64 * 1024 - transfer("t-11", "1").length());
        accepted(gateway.post("", padded));
        assertThat(problem(gateway.post("", padded + " "), 413, "COMMAND_TOO_LARGE")
                        .path("limit")
                        .asInt())
                .isEqualTo(64 * 1024);
        problem(gateway.post("", padded.repeat(40)), 413, "COMMAND_TOO_LARGE");
        byte[] large = padded.repeat(3).getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> chunked = gateway.send(gateway.request("")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
                .build());
        problem(chunked, 413, "COMMAND_TOO_LARGE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "json"})
    void answers415ForAnotherContentType(String type) {
        HttpResponse<String> response = gateway.send(gateway.request("")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(transfer("t-12", "1")))
                .build());
        problem(response, 415, "UNSUPPORTED_MEDIA_TYPE");
        assertThat(response.headers().firstValue("Accept")).hasValue("application/json");
    }

    @Test
    void answers415WithoutAContentTypeOrForAnEncodedBody() {
        problem(
                gateway.send(gateway.request("")
                        .POST(BodyPublishers.ofString(transfer("t-13", "1")))
                        .build()),
                415,
                "UNSUPPORTED_MEDIA_TYPE");
        problem(
                gateway.send(gateway.request("")
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(BodyPublishers.ofString(transfer("t-13", "1")))
                        .build()),
                415,
                "UNSUPPORTED_MEDIA_TYPE");
    }

    /** One that was answered and cut off amid its body would see a broken connection and not the reason. */
    @Test
    void hearsOutABodyThatItRefusesForItsHeaders() throws IOException {
        byte[] body = new byte[3 << 20];
        String head =
                "POST /v1/commands HTTP/1.1\r\nHost: gateway\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Content-Encoding: gzip\r\nContent-Length: " + body.length + "\r\n\r\n";
        try (Socket socket =
                new Socket(InetAddress.ofLiteral("127.0.0.1"), gateway.uri().getPort())) {
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(500);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .as("no answer before the body")
                    .isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(body);

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 415")
                    .contains("UNSUPPORTED_MEDIA_TYPE");
        }
    }

    @Test
    void takesJsonInUtf8WhenItSaysSo() {
        HttpResponse<String> response = gateway.send(gateway.request("")
                .header("Content-Type", "Application/JSON; charset=UTF-8")
                .POST(
                        BodyPublishers.ofString(
                                "{\"type\":\"Transfer\",\"id\":\"zażółć-🪙\",\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"böb\",\"amount\":1}"))
                .build());
        assertThat(accepted(response).path("commandId").asText()).isEqualTo("zażółć-🪙");
    }

    @Test
    void answersManyAtATime() {
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            responses.add(gateway.postLater("?wait=30s", transfer("many-" + i, "1")));
        }
        List<String> ids = responses.stream()
                .map(response -> accepted(response.join()).path("commandId").asText())
                .toList();
        assertThat(ids).doesNotHaveDuplicates().hasSize(500).first().isEqualTo("many-0");
    }

    @Test
    void countsCommandsByTypeAndOutcome() {
        accepted(gateway.post("", transfer("t-14", "1")));
        problem(gateway.post("", transfer("t-15", "0")), 422, "AMOUNT_MUST_BE_POSITIVE");
        problem(gateway.post("", "[]"), 400, "MALFORMED");
        assertThat(gateway.metrics())
                .containsPattern("ledger_gateway_commands_total\\{outcome=\"accepted\",type=\"Transfer\"} [1-9]")
                .containsPattern("ledger_gateway_commands_total\\{outcome=\"rejected\",type=\"Transfer\"} [1-9]")
                .containsPattern("ledger_gateway_commands_total\\{outcome=\"malformed\",type=\"none\"} [1-9]")
                .containsPattern("ledger_gateway_latency_seconds_count\\{outcome=\"accepted\"} [1-9]")
                .contains("ledger_gateway_in_flight");
    }

    @Test
    void isReadyAndSaysHowManyShardsThereAre() {
        assertThat(gateway.health.isReady()).isTrue();
        assertThat(gateway.detail()).isEqualTo("3 shards");
    }
}
