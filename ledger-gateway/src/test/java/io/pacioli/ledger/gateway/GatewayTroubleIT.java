package io.pacioli.ledger.gateway;

import static io.pacioli.ledger.gateway.RunningGateway.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.Batch;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.testkit.TestServices;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The gateway in front of a ledger that is not there, or does not answer. */
class GatewayTroubleIT {
    private static final int SHARDS = 2;

    private final String kafka = TestServices.kafka().bootstrapServers();

    private static Topics freshTopics() {
        return Topics.withPrefix(TestServices.kafka().freshPrefix() + "trouble");
    }

    private static String transfer(String id) {
        return "{\"type\":\"Transfer\",\"id\":\"" + id
                + "\",\"asset\":\"GOLD\",\"from\":\"alice\",\"to\":\"bob\",\"amount\":\"1\"}";
    }

    private static void unavailable(HttpResponse<String> response, String code, String commandId) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
        JsonNode problem = json(response);
        assertThat(problem.path("code").asText()).isEqualTo(code);
        assertThat(problem.path("commandId").asText()).isEqualTo(commandId);
    }

    private static void pending(HttpResponse<String> response, String commandId) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        assertThat(response.body()).isEqualTo("{\"commandId\":\"" + commandId + "\",\"status\":\"pending\"}");
    }

    @Test
    void waitsForTheTopicsAndSaysSo() {
        Topics topics = freshTopics();
        try (RunningGateway gateway = RunningGateway.start(RunningGateway.settings(kafka, topics))) {
            RunningGateway.await(() -> gateway.detail().contains(topics.commands() + " does not exist"));
            assertThat(gateway.health.isReady()).isFalse();
            assertThat(gateway.health.isAlive()).isTrue();
            HttpResponse<String> refused = gateway.post("", transfer("t-1"));
            unavailable(refused, "LEDGER_UNAVAILABLE", "t-1");
            assertThat(json(refused).path("detail").asText()).contains("nothing was sent", topics.commands());
            RunningGateway.createTopics(kafka, topics, SHARDS);
            gateway.awaitReady();
            pending(gateway.post("?wait=0", transfer("t-1")), "t-1");
        }
    }

    @Test
    void answers202WithoutAProcessorAndTheOutcomeOnceThereIsOne() {
        Topics topics = freshTopics();
        RunningGateway.createTopics(kafka, topics, SHARDS);
        try (RunningGateway gateway =
                RunningGateway.start(RunningGateway.settings(kafka, topics)).awaitReady()) {
            pending(gateway.post("?wait=0", transfer("t-1")), "t-1");
            pending(gateway.post("?wait=200ms", transfer("t-2")), "t-2");
            CompletableFuture<HttpResponse<String>> patient = gateway.postLater("?wait=30s", transfer("t-1"));
            try (Responder responder = Responder.start(kafka, topics, SHARDS)) {
                assertThat(responder).isNotNull();
                assertThat(patient.join().statusCode()).isEqualTo(422);
                assertThat(json(gateway.post("", transfer("t-2"))).path("code").asText())
                        .isEqualTo("ASSET_NOT_DEFINED");
            }
        }
    }

    @Test
    void refusesMoreCommandsThanMayBeOnTheirWay() {
        Topics topics = freshTopics();
        RunningGateway.createTopics(kafka, topics, SHARDS);
        GatewaySettings settings = RunningGateway.settings(kafka, topics).withCommands(Duration.ofSeconds(5), 1);
        try (RunningGateway gateway = RunningGateway.start(settings).awaitReady()) {
            CompletableFuture<HttpResponse<String>> first = gateway.postLater("?wait=3s", transfer("t-1"));
            RunningGateway.await(() -> gateway.metrics().contains("ledger_gateway_in_flight 1.0"));
            unavailable(gateway.post("?wait=0", transfer("t-2")), "TOO_MANY_IN_FLIGHT", "t-2");
            pending(first.join(), "t-1");
            RunningGateway.await(() -> gateway.post("?wait=0", transfer("t-2")).statusCode() == 202);
        }
    }

    @Test
    void refusesABodyForWhichThereIsNoRoomBeforeItIsRead() throws IOException {
        Topics topics = freshTopics();
        RunningGateway.createTopics(kafka, topics, SHARDS);
        String large =
                "{\"type\":\"Batch\",\"commands\":[" + transfer("b-1") + " ".repeat(Batch.BYTES_MAX - 200) + "]}";
        GatewaySettings settings = RunningGateway.settings(kafka, topics).withBodies(Batch.BYTES_MAX + 1_000);
        try (RunningGateway gateway = RunningGateway.start(settings).awaitReady()) {
            assertThat(gateway.post("/batch?wait=0", large).statusCode()).isEqualTo(200);
            RunningGateway.await(() -> gateway.figure("ledger.gateway.bodies") == 0);
            try (Socket slow =
                    new Socket(InetAddress.ofLiteral("127.0.0.1"), gateway.uri().getPort())) {
                String head =
                        "POST /v1/commands/batch?wait=0 HTTP/1.1\r\nHost: ledger\r\nContent-Type: application/json\r\n"
                                + "Content-Length: " + large.length() + "\r\n\r\n";
                slow.getOutputStream().write((head + large.substring(0, 100)).getBytes(StandardCharsets.US_ASCII));
                RunningGateway.await(() -> gateway.figure("ledger.gateway.bodies") == large.length());
                HttpResponse<String> refused = gateway.post("/batch?wait=0", large);
                assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
                assertThat(json(refused).path("code").asText()).isEqualTo("TOO_MANY_IN_FLIGHT");
                String small = "{\"type\":\"Batch\",\"commands\":[" + transfer("b-2") + "]}";
                assertThat(gateway.post("/batch?wait=0", small).statusCode()).isEqualTo(200);
                pending(gateway.post("?wait=0", transfer("t-1")), "t-1");
            }
            RunningGateway.await(() -> gateway.post("/batch?wait=0", large).statusCode() == 200);
        }
    }

    @Test
    void answers503WhenTheBrokerGoesAwayAndRecoversWithIt() {
        Topics topics = Topics.DEFAULT;
        ServerConfig config = ServerConfig.fresh().withHeapMegabytes(256);
        EmbeddedKafka broker = EmbeddedKafka.start(config);
        String address = broker.bootstrapServers();
        GatewaySettings settings = RunningGateway.settings(address, topics).withCommands(Duration.ofSeconds(2), 100);
        try (RunningGateway gateway = RunningGateway.start(settings)) {
            RunningGateway.createTopics(address, topics, SHARDS);
            gateway.awaitReady();
            pending(gateway.post("?wait=0", transfer("t-1")), "t-1");
            broker.close();
            unavailable(gateway.post("?wait=0", transfer("t-2")), "NOT_ACKNOWLEDGED", "t-2");
            unavailable(gateway.post("?wait=500ms", transfer("t-3")), "NOT_ACKNOWLEDGED", "t-3");
            try (Warnings warnings = Warnings.of(CommandRoutes.class)) {
                String batch = IntStream.range(0, 50)
                        .mapToObj(i -> transfer("b-" + i))
                        .collect(Collectors.joining(",", "{\"type\":\"Batch\",\"commands\":[", "]}"));
                JsonNode outcomes =
                        json(gateway.post("/batch?wait=500ms", batch)).path("outcomes");
                assertThat(outcomes.findValuesAsText("status")).hasSize(50).containsOnly("unacknowledged");
                assertThat(warnings.messages()).hasSize(1);
            }
            RunningGateway.await(() -> gateway.detail().contains("Kafka at " + address + " does not answer"));
            assertThat(gateway.health.isAlive()).isTrue();

            broker = EmbeddedKafka.start(config.withPort(broker.port()));
            RunningGateway.createTopics(address, topics, SHARDS);
            gateway.awaitReady();
            RunningGateway.await(() -> gateway.post("?wait=0", transfer("t-4")).statusCode() == 202);
            try (Responder responder = Responder.start(address, topics, SHARDS)) {
                assertThat(responder).isNotNull();
                assertThat(gateway.post("?wait=30s", transfer("t-4")).statusCode())
                        .isEqualTo(422);
            }
        } finally {
            broker.close();
        }
    }

    @Test
    void startsAndStopsWithoutKafka() {
        GatewaySettings settings = RunningGateway.settings("127.0.0.1:1", Topics.DEFAULT);
        try (RunningGateway gateway = RunningGateway.start(settings)) {
            unavailable(gateway.post("", transfer("t-1")), "LEDGER_UNAVAILABLE", "t-1");
            RunningGateway.await(() -> gateway.detail().startsWith("Kafka at 127.0.0.1:1 does not answer"));
        }
    }
}
