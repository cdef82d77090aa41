package io.pacioli.ledger.projection.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Conditions;
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
import java.util.Locale;
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
    void everyParameterThatBreaksItsRuleIsNamed() throws Exception {
        String longest = "x".repeat(129);
        String entries = "/v1/accounts/" + payer + "/entries";
        Map<String, String> fields = Map.ofEntries(
                Map.entry(entries + "?asset=gold", "asset"),
                Map.entry(entries + "?bucket=purse", "bucket"),
                Map.entry(entries + "?type=Transfer", "type"),
                Map.entry(entries + "?kind=gift", "kind"),
                Map.entry(entries + "?counterparty=" + longest, "counterparty"),
                Map.entry(entries + "?from=yesterday", "from"),
                Map.entry(entries + "?from=2026-02-01&to=2026-02-01", "to"),
                Map.entry(entries + "?limit=501", "limit"),
                Map.entry(entries + "?cursor=x", "cursor"),
                Map.entry("/v1/assets/gold/entries", "asset"),
                Map.entry("/v1/entries?commandId=" + longest, "commandId"),
                Map.entry("/v1/entries?reference=" + longest, "reference"),
                Map.entry("/v1/entries?metadata=order", "metadata"),
                Map.entry("/v1/entries?metadata=:7", "metadata"),
                Map.entry("/v1/entries/9:1", "position"),
                Map.entry("/v1/entries/0:1,1:1", "position"),
                Map.entry("/v1/rejections?code=insufficient_funds", "code"),
                Map.entry("/v1/rejections?account=" + longest, "account"),
                Map.entry("/v1/accounts/" + payer + "/balances/now", "at"),
                Map.entry("/v1/accounts/" + payer + "/balances/2026-13-01", "at"),
                Map.entry("/v1/accounts/" + payer + "/balances/1:1", "at"),
                Map.entry("/v1/accounts/" + payer + "/balances/0:1,0:2", "at"),
                Map.entry("/v1/balances/0:1", "at"),
                Map.entry("/v1/balances/2026-11-23?system=yes", "system"),
                Map.entry("/v1/accounts/" + payer + "/statement", "asset"),
                Map.entry("/v1/accounts/" + payer + "/statement?asset=GOLD&format=pdf", "format"),
                Map.entry("/v1/reports/trial-balance?format=html", "format"),
                Map.entry("/v1/reports/trial-balance?at=1:1", "at"),
                Map.entry("/v1/reports/assets/GOLD?by=week", "by"),
                Map.entry("/v1/reports/assets/GOLD?by=hour&from=2020-01-01", "from"),
                Map.entry("/v1/reports/rejections?code=NONE", "code"));
        for (Map.Entry<String, String> field : fields.entrySet()) {
            JsonNode problem = get(field.getKey(), 400);
            assertThat(problem.path("field").textValue()).as(field.getKey()).isEqualTo(field.getValue());
            assertThat(problem.path("rule").textValue()).as(field.getKey()).startsWith("must ");
            assertThat(problem.path("value").textValue()).as(field.getKey()).isNotEmpty();
        }
    }

    @Test
    void whatIsNotThereSaysAsOfWhen() throws Exception {
        Map<String, String> codes = Map.of(
                "/v1/assets/NONE/entries",
                "ASSET_NOT_FOUND",
                "/v1/entries/0:1000",
                "ENTRY_NOT_FOUND",
                "/v1/transactions/none",
                "TRANSACTION_NOT_FOUND",
                "/v1/accounts/nobody/balances/2026-11-23",
                "ACCOUNT_NOT_FOUND",
                "/v1/accounts/" + payer + "/balances/0:1000",
                "POSITION_NOT_FOUND",
                "/v1/balances/2026-11-23?asset=NONE",
                "ASSET_NOT_FOUND",
                "/v1/accounts/nobody/statement?asset=GOLD",
                "ACCOUNT_NOT_FOUND",
                "/v1/accounts/" + payer + "/statement?asset=NONE",
                "ASSET_NOT_FOUND",
                "/v1/reports/assets/NONE",
                "ASSET_NOT_FOUND");
        for (Map.Entry<String, String> code : codes.entrySet()) {
            JsonNode problem = get(code.getKey(), 404);
            assertThat(problem.path("code").textValue()).as(code.getKey()).isEqualTo(code.getValue());
            assertThat(problem.path("asOf").textValue()).as(code.getKey()).contains(":");
        }
    }

    private HttpResponse<String> send(String path, String header, String value) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .timeout(Duration.ofSeconds(20))
                .header(header, value)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void anAnswerIsSentAgainOnlyWhenSomethingHasHappened() throws Exception {
        String statement = "/v1/accounts/" + payer + "/statement?asset=GOLD";
        for (String path : List.of(
                "/v1/accounts/" + payer + "/entries",
                "/v1/assets/GOLD/entries",
                "/v1/entries",
                "/v1/rejections",
                "/v1/accounts/" + payer + "/balances/2026-11-24",
                "/v1/balances/2026-11-24",
                statement,
                statement + "&format=csv",
                statement + "&format=html",
                "/v1/reports/trial-balance",
                "/v1/reports/trial-balance?format=csv",
                "/v1/reports/assets/GOLD",
                "/v1/reports/rejections")) {
            String tag = header(send(path).join(), "ETag");
            assertThat(send(path, "If-None-Match", tag).statusCode()).as(path).isEqualTo(304);
            ledger.run(ScriptedLedger.transfer(path, "GOLD", payer, "other", 1));
            ledger.run(ScriptedLedger.transfer(path + "!", "GOLD", ledger.accountOn(1, "poor"), payer, 1));
            project();
            assertThat(send(path, "If-None-Match", tag).statusCode()).as(path).isEqualTo(200);
        }
        assertThat(header(send(statement).join(), "ETag"))
                .isNotEqualTo(header(send(statement + "&format=csv").join(), "ETag"));
    }

    @Test
    void aStatementComesInTheFormAskedFor() throws Exception {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, "other", 7, "<b>=1</b>", Map.of()));
        project();
        String path = "/v1/accounts/" + payer + "/statement?asset=GOLD";
        JsonNode statement = get(path, 200);
        assertThat(statement.path("opening").path("total").textValue()).isEqualTo("0");
        assertThat(statement.path("totals")).isEqualTo(JSON.readTree("{\"in\":\"1000\",\"out\":\"7\",\"entries\":2}"));
        assertThat(statement.path("closing").path("available").textValue()).isEqualTo("993");
        assertThat(statement.path("entries")).hasSize(2);

        HttpResponse<String> csv = send(path, "Accept", "text/csv");
        assertThat(header(csv, "Content-Type").toLowerCase(Locale.ROOT))
                .startsWith("text/csv")
                .contains("charset=utf-8");
        assertThat(header(csv, "Content-Disposition"))
                .isEqualTo("attachment; filename=\"statement-" + payer + "-GOLD.csv\"");
        assertThat(header(csv, "Vary")).isEqualTo("Accept");
        assertThat(csv.body()).startsWith("line,position,").contains(",-7,-0.07,993,9.93\r\n");

        HttpResponse<String> html = send(path, "Accept", "text/html,*/*;q=0.1");
        assertThat(header(html, "Content-Type")).startsWith("text/html");
        assertThat(header(html, "Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(html.body())
                .startsWith("<!DOCTYPE html>")
                .contains("&lt;b&gt;=1&lt;/b&gt;")
                .contains("9.93");
        assertThat(send(path + "&format=csv", "Accept", "text/html").body()).isEqualTo(csv.body());
        assertThat(send(path, "Accept", "image/png").statusCode()).isEqualTo(406);
    }

    @Test
    void reportsAddUp() throws Exception {
        ledger.runWithoutTransit(ScriptedLedger.transfer("t1", "GOLD", payer, ledger.accountOn(1, "other"), 7));
        project();
        assertThat(get("/v1/reports/trial-balance", 200).path("assets").path(0)).isEqualTo(JSON.readTree("""
                {"asset": "GOLD", "decimals": 2, "accounts": 1,
                 "clients": {"available": "993", "held": "0", "locked": "0", "staked": "0", "total": "993"},
                 "issuer": "-1000", "clearing": "7", "sum": "0"}"""));
        assertThat(send("/v1/reports/trial-balance?format=csv").join().body())
                .endsWith("\r\nGOLD,1,993,9.93,0,0.00,0,0.00,0,0.00,993,9.93,-1000,-10.00,7,0.07,0,0.00\r\n");
        JsonNode period = get("/v1/reports/assets/GOLD?from=2026-11-23", 200)
                .path("periods")
                .path(0);
        assertThat(period.path("supply").textValue()).isEqualTo("1000");
        assertThat(period.path("minted").textValue()).isEqualTo("1000");
        assertThat(period.path("volume").textValue()).isEqualTo("7");
        assertThat(send("/v1/reports/assets/GOLD?format=csv&from=2026-11-23")
                        .join()
                        .body())
                .contains("\r\nGOLD,day,2026-11-23T00:00:00Z,1,1,1000,10.00,1000,10.00,0,0.00,7,0.07,0,0.00\r\n");
        JsonNode then =
                get("/v1/balances/2026-11-23T10:15:31Z?system=true", 200).path("balances");
        assertThat(then).hasSize(4);
        assertThat(then.path(3)).isEqualTo(JSON.readTree("""
                {"account": "%s", "asset": "GOLD", "shard": 0, "available": "993", "held": "0", "locked": "0", "staked": "0",
                 "total": "993", "decimals": 2}""".formatted(payer)));
    }

    @Test
    void aTransactionTellsHowFarItHasGot() throws Exception {
        String other = ledger.accountOn(1, "other");
        ledger.runWithoutTransit(ScriptedLedger.transact(
                "trade", ScriptedLedger.leg("GOLD", payer, other, 5), ScriptedLedger.leg("GOLD", payer, other, 2)));
        project();
        JsonNode begun = get("/v1/transactions/trade", 200);
        assertThat(begun.path("status").textValue()).isEqualTo("begun");
        assertThat(begun.path("legs")).hasSize(2);
        assertThat(begun.path("legs").path(1))
                .isEqualTo(JSON.readTree(
                        "{\"asset\":\"GOLD\",\"from\":\"" + payer + "\",\"to\":\"" + other + "\",\"amount\":\"2\"}"));
        ledger.deliverTransit();
        project();
        JsonNode committed = get("/v1/transactions/trade", 200);
        assertThat(committed.path("status").textValue()).isEqualTo("committed");
        assertThat(committed.path("entries")).hasSize(4);
        assertThat(get("/v1/commands/trade", 200).path("entries")).hasSize(4);

        ledger.run(ScriptedLedger.freeze("freeze", other));
        ledger.run(ScriptedLedger.transact("refused", ScriptedLedger.leg("GOLD", payer, other, 1)));
        ledger.run(ScriptedLedger.transact("here", ScriptedLedger.leg("GOLD", payer, ledger.accountOn(0, "near"), 1)));
        project();
        JsonNode aborted = get("/v1/transactions/refused", 200);
        assertThat(aborted.path("status").textValue()).isEqualTo("aborted");
        assertThat(aborted.path("reason").path("code").textValue()).isEqualTo("ACCOUNT_FROZEN");
        assertThat(get("/v1/transactions/here", 200).path("status").textValue()).isEqualTo("posted");
    }

    @Test
    void theJournalIsFoundByWhatItSays() throws Exception {
        ledger.run(ScriptedLedger.transfer("t1", "GOLD", payer, "other", 7, "", Map.of("order", "a:7", "b", "x")));
        project();
        JsonNode entries =
                get("/v1/entries?metadata=order:a:7&kind=transfer&limit=1", 200).path("entries");
        assertThat(entries).hasSize(1);
        JsonNode entry = entries.path(0);
        assertThat(entry.path("commandId").textValue()).isEqualTo("t1");
        assertThat(entry.path("data").path("metadata").path("order").textValue())
                .isEqualTo("a:7");
        assertThat(entry.path("hash").textValue()).matches("[0-9a-f]{64}");
        assertThat(entry.path("postings")).hasSize(2);
        JsonNode same = get("/v1/entries/" + entry.path("position").textValue(), 200);
        assertThat(same.path("asOf").textValue()).contains(":");
        assertThat(same.path("postings")).isEqualTo(entry.path("postings"));
        assertThat(get("/v1/entries?metadata=order:7", 200).path("entries")).isEmpty();
    }

    @Test
    void aTransferThatWaitsIsPendingAndMayBeRejectedThen() throws Exception {
        long due = ledger.nextMillis() + 1_000;
        for (String id : List.of("kept", "broken")) {
            Amount amount = Amount.of(id.equals("kept") ? 1 : 5_000);
            ledger.run(new Command.Transfer(
                    id, "GOLD", payer, "other", amount, "later", new Conditions(due, null, null), Map.of()));
        }
        project();
        JsonNode pending = get("/v1/transfers/kept", 200);
        assertThat(pending.path("status").textValue()).isEqualTo("pending");
        assertThat(pending.path("memo").textValue()).isEqualTo("later");
        assertThat(pending.path("notBefore").textValue()).isEqualTo(Timestamps.format(due));
        ledger.pass(2_000);
        ledger.run(ScriptedLedger.transfer("tick", "GOLD", payer, "other", 1));
        project();
        assertThat(get("/v1/transfers/kept", 200).path("status").textValue()).isNotEqualTo("pending");
        JsonNode rejected = get("/v1/transfers/broken", 200);
        assertThat(rejected.path("status").textValue()).isEqualTo("rejected");
        assertThat(rejected.path("reason").path("code").textValue()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(rejected.path("entries")).hasSize(2);
    }

    @Test
    void aStatementThatIsTooLongIsRefused() throws Exception {
        String near = ledger.accountOn(0, "near");
        for (int i = 0; i <= StatementQueries.LINES_MAX / 2; i++) {
            ledger.run(ScriptedLedger.transfer("there" + i, "GOLD", payer, near, 1));
            ledger.run(ScriptedLedger.transfer("back" + i, "GOLD", near, payer, 1));
        }
        project();
        JsonNode problem = get("/v1/accounts/" + near + "/statement?asset=GOLD", 422);
        assertThat(problem.path("code").textValue()).isEqualTo("STATEMENT_TOO_LONG");
        assertThat(problem.path("limit").textValue()).isEqualTo("10000");
        String shorter = "/v1/accounts/" + near + "/statement?asset=GOLD&to="
                + problem.path("reached").textValue();
        assertThat(get(shorter, 200).path("entries")).hasSize(StatementQueries.LINES_MAX);
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
