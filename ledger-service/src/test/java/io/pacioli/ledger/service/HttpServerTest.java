package io.pacioli.ledger.service;

import static io.pacioli.ledger.service.RunningServer.contentType;
import static io.pacioli.ledger.service.RunningServer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpServerTest {
    private static final int BYTES_MAX = 10_000;

    private final RunningServer running = RunningServer.of(
            HttpServer.Settings.ofPort(0).withRequestBytesMax(BYTES_MAX), HttpServerTest::routes, HttpServerTest::more);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    private static void routes(RoutesConfig routes) {
        routes.get("/things/{thing}", context -> context.json(Map.of("thing", context.pathParam("thing"))));
        routes.post("/things/{thing}", context -> context.json(Json.object(context)));
        routes.post("/sizes", context -> context.json(Map.of("bytes", context.bodyAsBytes().length)));
        routes.get("/thread", context -> context.json(Thread.currentThread().isVirtual()));
        routes.get("/broken", context -> {
            throw new IllegalStateException("password=hunter2");
        });
        routes.get("/overflow", context -> context.json(endless(1)));
        routes.get("/refused", context -> {
            Problem problem =
                    Problem.of(422, "INSUFFICIENT_FUNDS", "alice has 3").with("position", "3:17");
            throw new ProblemException(problem, Map.of("Retry-After", "7"));
        });
    }

    private static void more(RoutesConfig routes) {
        routes.get("/more", context -> context.json(Map.of()));
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @BeforeAll
    void captureLog() {
        logged.start();
        ((Logger) LoggerFactory.getLogger(ProblemResponses.class)).addAppender(logged);
    }

    @AfterAll
    void stop() {
        ((Logger) LoggerFactory.getLogger(ProblemResponses.class)).detachAppender(logged);
        running.close();
    }

    private static JsonNode problem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(contentType(response)).isEqualTo("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).isNotBlank();
        assertThat(problem.has("instance")).isFalse();
        return problem;
    }

    @Test
    void servesTheModulesOfAllServicesOnOnePort() {
        assertThat(running.get("/things/1").body()).isEqualTo("{\"thing\":\"1\"}");
        assertThat(running.get("/more").body()).isEqualTo("{}");
        assertThat(running.get("/readyz").statusCode()).isEqualTo(200);
        assertThat(contentType(running.get("/more"))).isEqualTo("application/json");
    }

    @Test
    void runsRequestsOnVirtualThreads() {
        assertThat(running.get("/thread").body()).isEqualTo("true");
    }

    @Test
    void aCharacterSetThatCannotBeIsTheClientsFault() throws IOException {
        try (RunningServer other = RunningServer.of(
                        routes -> routes.post("/", context -> context.json(String.valueOf(context.contentType()))));
                Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), other.server.port())) {
            socket.setSoTimeout(10_000);
            String request = String.join(
                    "\r\n",
                    "POST / HTTP/1.1",
                    "Host: a",
                    "Connection: close",
                    "Content-Length: 0",
                    "Content-Type: application/json; charset=\"",
                    "",
                    "");
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response).startsWith("HTTP/1.1 415").contains("application/problem+json");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"@clearing/3/GOLD", "till-7{acme}", "a+b", "50%", "..", "a;b", "a\\b", "ü🪙", "a?b#c", "a//b"})
    void takesAnyCharacterInAPathParameter(String thing) {
        String encoded = URLEncoder.encode(thing, StandardCharsets.UTF_8).replace("..", "%2e%2e");
        HttpResponse<String> response = running.get("/things/" + encoded);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).path("thing").asText()).isEqualTo(thing);
    }

    @Test
    void answers404ForAnUnknownPath() {
        JsonNode problem = problem(running.get("/nothing/here?x=1"), 404);
        assertThat(problem.path("type").asText()).isEqualTo("about:blank");
        assertThat(problem.path("detail").asText()).isEqualTo("there is nothing at /nothing/here");
    }

    @Test
    void answers405WithTheMethodsThatAreAllowed() {
        HttpResponse<String> response = running.send("DELETE", "/things/1", BodyPublishers.noBody());
        problem(response, 405);
        assertThat(response.headers().firstValue("Allow").orElse("").split(", "))
                .contains("GET", "POST");
    }

    @Test
    void answers400ForABodyThatIsNotAJsonObject() {
        for (String body : List.of(
                "", "{", "[]", "7", "{\"a\":1,\"a\":2}", "{} {}", "[".repeat(100), "{\"a\":" + "9".repeat(200) + "}")) {
            JsonNode problem = problem(running.post("/things/1", body), 400);
            assertThat(problem.path("type").asText()).isEqualTo("urn:pacioli:problem:malformed-json");
            assertThat(problem.path("code").asText()).isEqualTo("MALFORMED_JSON");
            assertThat(problem.path("detail").asText()).doesNotContain("com.fasterxml");
        }
        assertThat(problem(running.post("/things/1", "{\n \"a\": x}"), 400)
                        .path("detail")
                        .asText())
                .isEqualTo("the request body is not JSON: line 2, column 7");
    }

    @Test
    void answers413ForABodyAboveTheBoundWhetherItsLengthIsDeclaredOrNot() {
        assertThat(running.post("/sizes", "x".repeat(BYTES_MAX)).body()).isEqualTo("{\"bytes\":" + BYTES_MAX + "}");
        problem(running.post("/sizes", "x".repeat(BYTES_MAX + 1)), 413);
        byte[] large = new byte[BYTES_MAX * 3];
        problem(running.post("/sizes", "x".repeat(BYTES_MAX * 500)), 413);
        InputStream chunked = new ByteArrayInputStream(large);
        problem(running.send("POST", "/sizes", BodyPublishers.ofInputStream(() -> chunked)), 413);
    }

    @Test
    void answers500WithoutInternalsAndLogsTheCauseUnderTheCorrelationId() {
        HttpResponse<String> response = running.get("/broken");
        String correlationId = problem(response, 500).path("correlationId").asText();
        assertThat(correlationId).isNotBlank();
        assertThat(response.body()).doesNotContain("hunter2").doesNotContain("IllegalState");
        ILoggingEvent event = List.copyOf(logged.list).stream()
                .filter(one -> one.getFormattedMessage().contains(correlationId))
                .findFirst()
                .orElseThrow();
        assertThat(event.getThrowableProxy().getMessage()).isEqualTo("password=hunter2");
    }

    @Test
    void answers500ForAnErrorOfTheJvm() {
        problem(running.get("/overflow"), 500);
    }

    @Test
    void answersAProblemWithItsExtensionsAndHeaders() {
        HttpResponse<String> response = running.get("/refused");
        assertThat(problem(response, 422).toString())
                .isEqualTo(
                        "{\"type\":\"urn:pacioli:problem:insufficient-funds\",\"title\":\"Insufficient funds\",\"status\":422,"
                                + "\"detail\":\"alice has 3\",\"code\":\"INSUFFICIENT_FUNDS\",\"position\":\"3:17\"}");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("7");
    }

    @Test
    void answersAProblemForWhatIsNotHttp() throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), running.server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a b\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response)
                    .startsWith("HTTP/1.1 400")
                    .contains("application/problem+json")
                    .contains("about:blank");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET /healthz HTTP/9.9", "GET /healthz", "GET /docs/%u0041 HTTP/1.1", "GET /docs/%C0%80 HTTP/1.1"
            })
    void aRequestLineThatNobodyCanReadIsTheClientsFault(String line) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), running.server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((line + "\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            String response = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(response)
                    .startsWith("HTTP/1.1 400")
                    .contains("\"status\":400")
                    .doesNotContain("correlationId");
        }
    }

    @Test
    void namesThePortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> RunningServer.of(HttpServer.Settings.ofPort(port)))
                    .isInstanceOf(ServiceException.class)
                    .hasMessage("port " + port + " on 127.0.0.1 is already in use");
        }
        assertThatThrownBy(() -> RunningServer.of(HttpServer.Settings.ofPort(70_000)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("port must be 0 to 65535: port=70000");
        assertThatThrownBy(() -> RunningServer.of(HttpServer.Settings.ofPort(0).withHost("192.0.2.1")))
                .isInstanceOf(ServiceException.class)
                .hasMessageStartingWith("cannot listen on 192.0.2.1:0: ");
    }

    @Test
    void freesThePortWhenAModuleCannotRegister() {
        HttpModule conflicting = routes -> routes.get("/healthz", context -> context.json(Map.of()));
        HttpServer.Settings settings = HttpServer.Settings.ofPort(0);
        assertThatThrownBy(() -> RunningServer.of(settings, conflicting)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void letsRunningRequestsFinishWhenItCloses() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        try (RunningServer other = RunningServer.of(routes -> routes.get("/slow", context -> {
            arrived.countDown();
            context.json(go.await(10, TimeUnit.SECONDS));
        }))) {
            CompletableFuture<HttpResponse<String>> response =
                    CompletableFuture.supplyAsync(() -> other.get("/slow"), Thread::startVirtualThread);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> closed =
                    CompletableFuture.runAsync(other.server::close, Thread::startVirtualThread);
            assertThatThrownBy(() -> closed.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            go.countDown();
            assertThat(response.get(10, TimeUnit.SECONDS).body()).isEqualTo("true");
            closed.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void cutsOffRequestsThatDoNotFinish() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        HttpModule hanging = routes -> routes.get("/hang", context -> {
            arrived.countDown();
            context.json(never.await(60, TimeUnit.SECONDS));
        });
        HttpServer.Settings settings = HttpServer.Settings.ofPort(0).withCloseMax(Duration.ofMillis(200));
        try (RunningServer other = RunningServer.of(settings, hanging)) {
            CompletableFuture<HttpResponse<String>> response =
                    CompletableFuture.supplyAsync(() -> other.get("/hang"), Thread::startVirtualThread);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture.runAsync(other.server::close, Thread::startVirtualThread)
                    .get(10, TimeUnit.SECONDS);
            assertThat(response.handle((answer, failure) -> failure == null ? answer.statusCode() : 0)
                            .get(10, TimeUnit.SECONDS))
                    .isNotEqualTo(200);
            never.countDown();
        }
    }
}
