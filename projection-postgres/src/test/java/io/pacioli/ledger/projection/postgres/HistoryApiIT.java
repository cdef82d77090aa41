package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.PositionGate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The API alone, in a process that does not project. */
class HistoryApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ScriptedLedger ledger = new ScriptedLedger(2);
    private final Database database = Database.migrated();
    private final HistoryStore store = new HistoryStore(database.writing());
    private final Snapshots snapshots = new Snapshots(database.reading());
    private final PositionGate gate = PositionGate.polling(2, 100, snapshots, Duration.ofMillis(10));
    private final Metrics metrics = new Metrics();
    private final HttpServer server = HttpServer.start(
            HttpServer.Settings.ofPort(0),
            new Health(),
            metrics,
            PostgresProjection.modules(snapshots, ledger.router(), gate));
    private final HttpClient client = HttpClient.newHttpClient();
    private final String payer = ledger.accountOn(0, "payer");
    private int written;

    @BeforeEach
    void define() {
        ledger.define("GOLD", payer, 1_000);
        project();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        metrics.close();
        gate.close();
        database.close();
    }

    private void project() {
        HistoryBatch batch = new HistoryBatch();
        ledger.journal()
                .subList(written, ledger.journal().size())
                .forEach(record -> batch.add(record.value(), record.shard(), record.offset()));
        written = ledger.journal().size();
        store.write(batch);
    }

    private CompletableFuture<HttpResponse<String>> send(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(String path, int status) throws Exception {
        HttpResponse<String> response = send(path).join();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    @Test
    void amountsAreStringsAndPositionsCanBeGivenBack() throws Exception {
        String other = ledger.accountOn(1, "other");
        ledger.run(ScriptedLedger.transfer("t/1", "GOLD", payer, other, 7, "memo", Map.of("k", "v")));
        project();

        JsonNode page = get("/v1/accounts/" + payer + "/entries?limit=1", 200);
        JsonNode entry = page.path("entries").path(0);
        assertThat(entry.path("amount").textValue()).isEqualTo("-7");
        assertThat(entry.path("balance").textValue()).isEqualTo("993");
        assertThat(entry.path("at").textValue())
                .startsWith("2026-11-23T10:15:3")
                .endsWith("Z");
        assertThat(entry.path("metadata").path("k").textValue()).isEqualTo("v");
        assertThat(entry.path("position").textValue()).isEqualTo("0:" + ledger.sequence(0));

        JsonNode next = get(
                "/v1/accounts/" + payer + "/entries?limit=1&cursor="
                        + page.path("nextCursor").textValue() + "&position="
                        + page.path("asOf").textValue(),
                200);
        assertThat(next.path("entries").path(0).path("kind").textValue()).isEqualTo("mint");
        assertThat(next.has("nextCursor")).isFalse();

        JsonNode transfer = get("/v1/transfers/t%2F1", 200);
        assertThat(transfer.path("status").textValue()).isEqualTo("received");
        assertThat(transfer.path("amount").textValue()).isEqualTo("7");
        assertThat(transfer.path("entries")).hasSize(2);
        assertThat(get("/v1/commands/t%2F1?position=" + transfer.path("asOf").textValue(), 200)
                        .path("outcome")
                        .textValue())
                .isEqualTo("accepted");
        assertThat(get("/v1/accounts/%40clearing%2F1%2FGOLD/entries", 200).path("entries"))
                .isNotEmpty();
    }

    @Test
    void whatIsNotThereIsAProblem() throws Exception {
        assertThat(get("/v1/accounts/nobody/entries", 404).path("code").textValue())
                .isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(get("/v1/transfers/none", 404).path("code").textValue()).isEqualTo("TRANSFER_NOT_FOUND");
        JsonNode problem = get("/v1/commands/none", 404);
        assertThat(problem.path("code").textValue()).isEqualTo("COMMAND_NOT_FOUND");
        assertThat(problem.path("asOf").textValue()).isEqualTo("0:" + ledger.sequence(0) + ",1:" + ledger.sequence(1));
    }

    @Test
    void whatIsMalformedIsAProblem() throws Exception {
        for (String path : List.of(
                "/v1/accounts/a%20b/entries",
                "/v1/rejections?limit=0",
                "/v1/rejections?limit=501",
                "/v1/rejections?cursor=AAAA",
                "/v1/rejections?cursor=%2F%2F",
                "/v1/rejections?position=9:1",
                "/v1/rejections?position=now")) {
            assertThat(get(path, 400).path("code").textValue()).as(path).isEqualTo("INVALID_PARAMETER");
        }
    }

    @Test
    void aTransferShowsItsReversalsAndACommandThatItWaits() throws Exception {
        String other = ledger.accountOn(0, "other");
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, other, 7));
        ledger.run(ScriptedLedger.reverse("back", "t1", other, 3));
        ledger.runWithoutTransit(ScriptedLedger.transact(
                "trade", ScriptedLedger.leg("GOLD", payer, ledger.accountOn(1, "stranger"), 1)));
        project();
        JsonNode transfer = get("/v1/transfers/t1", 200);
        assertThat(transfer.path("reversals"))
                .isEqualTo(JSON.readTree("[{\"id\":\"back\",\"amount\":\"3\",\"status\":\"posted\"}]"));
        assertThat(transfer.has("reference")).isFalse();
        JsonNode reversal = get("/v1/transfers/back", 200);
        assertThat(reversal.path("reference").textValue()).isEqualTo("t1");
        assertThat(reversal.has("reversals")).isFalse();
        JsonNode entry = get("/v1/accounts/" + other + "/entries?limit=1", 200)
                .path("entries")
                .path(0);
        assertThat(entry.path("reference").textValue()).isEqualTo("t1");
        JsonNode command = get("/v1/commands/trade", 200);
        assertThat(command.path("outcome").textValue()).isEqualTo("pending");
        assertThat(command.path("type").textValue()).isEqualTo("TransactionBegun");
    }

    @Test
    void aRejectedCommandTellsWhy() throws Exception {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, "other", 5_000));
        project();
        JsonNode command = get("/v1/commands/t1", 200);
        assertThat(command.path("outcome").textValue()).isEqualTo("rejected");
        assertThat(command.path("rejection").path("code").textValue()).isEqualTo("INSUFFICIENT_FUNDS");
        JsonNode rejections = get("/v1/rejections", 200);
        assertThat(rejections.path("rejections").path(0).path("commandId").textValue())
                .isEqualTo("t1");
        assertThat(rejections.path("rejections").path(0).path("message").textValue())
                .contains("what the payer can spend");
    }

    @Test
    void aQueryWaitsForItsPosition() throws Exception {
        Outcome outcome = Objects.requireNonNull(ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, "other", 5)));
        Position position = outcome.position();
        CompletableFuture<HttpResponse<String>> waiting = send("/v1/commands/t1?wait=15s&position=" + position);
        assertThat(send("/v1/commands/t1").join().statusCode()).isEqualTo(404);
        assertThat(waiting).isNotDone();
        project();
        assertThat(waiting.join().statusCode()).isEqualTo(200);
    }

    @Test
    void aQueryDoesNotWaitForever() throws Exception {
        JsonNode problem = get("/v1/rejections?wait=100ms&position=1:1000", 503);
        assertThat(problem.path("code").textValue()).isEqualTo("POSITION_NOT_REACHED");
        assertThat(problem.path("position").textValue()).isEqualTo("1:" + ledger.sequence(1));
    }

    @Test
    void aStoreThatIsAwayIsAProblem() throws Exception {
        database.reading().close();
        assertThat(get("/v1/rejections", 503).path("code").textValue()).isEqualTo("STORE_UNAVAILABLE");
        get("/v1/rejections?wait=50ms&position=0:1", 503);
    }
}
