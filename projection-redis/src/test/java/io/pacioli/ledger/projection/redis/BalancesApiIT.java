package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Json;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.testkit.TestServices;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The query API in a process that does not project. */
class BalancesApiIT {
    private static final int SHARDS = 3;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final TestLedger ledger = new TestLedger(SHARDS);
    private final String uri = TestServices.redis().freshDatabase();
    private final TestStore store = new TestStore(uri, ledger.router());
    private final List<StorePosition> tips = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Health health = new Health();
    private final Metrics metrics = new Metrics();
    private final RedisProjection service = queries(uri, health);
    private final HttpServer server =
            HttpServer.start(HttpServer.Settings.ofPort(0), health, metrics, service.modules());

    @BeforeEach
    void begin() {
        service.start();
        for (int shard = 0; shard < SHARDS; shard++) {
            store.store.clear(shard, "", Batches.START);
            tips.add(Batches.START);
        }
        ledger.define("GOLD", 2);
        ledger.define("SILVER", 0);
        ledger.open("nobody");
        ledger.mint("GOLD", "alice", "1250");
        ledger.mint("GOLD", "bob", "1250");
        ledger.mint("GOLD", "till-7{acme}/ö", "90071992547409931");
        ledger.mint("SILVER", "alice", "7");
        ledger.transfer("GOLD", "alice", "carol", "250");
        project();
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        service.close();
        store.close();
        metrics.close();
    }

    @Test
    void balancesOfAnAccount() {
        int shard = ledger.router().shardOf("alice");

        assertThat(get(200, "/v1/accounts/alice/balances"))
                .isEqualTo(json("{'account':'alice','status':'open','asOf':'" + shard + ":" + ledger.sequence(shard)
                        + "','balances':[{'asset':'GOLD','available':'1000','held':'0','locked':'0','staked':'0',"
                        + "'total':'1000','decimals':2},{'asset':'SILVER','available':'7','held':'0','locked':'0',"
                        + "'staked':'0','total':'7','decimals':0}]}"));
        assertThat(get(200, "/v1/accounts/nobody/balances").get("balances")).isEmpty();
        assertThat(get(200, "/v1/accounts/%40GOLD/balances")
                        .at("/balances/0/available")
                        .textValue())
                .isEqualTo("-90071992547412431");
    }

    @Test
    void whatIsHeldStillBelongsToTheAccount() {
        String hold = ledger.hold("GOLD", "alice", "300");
        project();
        assertHeld("700", "300", "1000");
        assertThat(leader(2)).isEqualTo(json("{'rank':3,'account':'alice','total':'1000'}"));

        ledger.capture(hold, "alice", "carol", "120");
        project();
        assertHeld("700", "180", "880");
        assertThat(leader(2)).isEqualTo(json("{'rank':3,'account':'alice','total':'880'}"));
        assertThat(leader(3)).isEqualTo(json("{'rank':4,'account':'carol','total':'370'}"));

        ledger.voidHold(hold, "alice");
        project();
        assertHeld("880", "0", "880");
    }

    private void assertHeld(String available, String held, String total) {
        JsonNode gold = get(200, "/v1/accounts/alice/balances").at("/balances/0");
        assertThat(gold.get("available").textValue()).isEqualTo(available);
        assertThat(gold.get("held").textValue()).isEqualTo(held);
        assertThat(gold.get("total").textValue()).isEqualTo(total);
    }

    private JsonNode leader(int index) {
        return get(200, "/v1/assets/GOLD/leaderboard").get("leaders").get(index);
    }

    @Test
    void accountsWithAnyCharacters() {
        String encoded = URLEncoder.encode("till-7{acme}/ö", StandardCharsets.UTF_8);

        JsonNode body = get(200, "/v1/accounts/" + encoded + "/balances");

        assertThat(body.get("account").textValue()).isEqualTo("till-7{acme}/ö");
        assertThat(body.at("/balances/0/total").textValue()).isEqualTo("90071992547409931");
    }

    @Test
    void accountsThatAreNot() {
        JsonNode unknown = get(404, "/v1/accounts/dave/balances");
        assertThat(unknown.get("code").textValue()).isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(unknown.get("account").textValue()).isEqualTo("dave");
        assertThat(unknown.get("detail").textValue()).isEqualTo("there is no account dave");
        int shard = ledger.router().shardOf("dave");
        assertThat(unknown.get("asOf").textValue()).isEqualTo(shard + ":" + ledger.sequence(shard));

        String clearing = URLEncoder.encode(AccountId.clearing(1, "GOLD"), StandardCharsets.UTF_8);
        assertThat(get(400, "/v1/accounts/" + clearing + "/balances")
                        .get("field")
                        .textValue())
                .isEqualTo("account");
        assertThat(get(400, "/v1/accounts/a%20b/balances").get("field").textValue())
                .isEqualTo("account");
    }

    @Test
    void assetsWithTheirSupply() {
        JsonNode all = get(200, "/v1/assets");
        assertThat(all.get("asOf").textValue()).isEqualTo(everywhere());
        assertThat(all.get("assets").findValuesAsText("asset")).containsExactly("GOLD", "SILVER");
        assertThat(all.get("assets").findValuesAsText("supply")).containsExactly("90071992547412431", "7");

        int shard = ledger.router().shardOf("@GOLD");
        assertThat(get(200, "/v1/assets/GOLD"))
                .isEqualTo(json("{'asset':'GOLD','name':'GOLD coin','symbol':'G','emoji':'','decimals':2,"
                        + "'supply':'90071992547412431','asOf':'" + shard + ":" + ledger.sequence(shard) + "'}"));
        JsonNode unknown = get(404, "/v1/assets/COPPER");
        assertThat(unknown.get("code").textValue()).isEqualTo("ASSET_NOT_FOUND");
        assertThat(unknown.get("asset").textValue()).isEqualTo("COPPER");
        assertThat(unknown.get("asOf").textValue()).matches("[0-2]:[0-9]+");
        assertThat(get(400, "/v1/assets/copper").get("code").textValue()).isEqualTo("INVALID_PARAMETER");
    }

    @Test
    void leaderboards() {
        JsonNode board = get(200, "/v1/assets/GOLD/leaderboard?limit=3");
        assertThat(board.get("asOf").textValue()).isEqualTo(everywhere());
        assertThat(board.get("count").intValue()).isEqualTo(4);
        assertThat(board.get("decimals").intValue()).isEqualTo(2);
        assertThat(board.get("leaders"))
                .isEqualTo(json("[{'rank':1,'account':'till-7{acme}/ö','total':'90071992547409931'},"
                        + "{'rank':2,'account':'bob','total':'1250'},{'rank':3,'account':'alice','total':'1000'}]"));
        assertThat(get(200, "/v1/assets/GOLD/leaderboard").get("leaders")).hasSize(4);
        assertThat(get(404, "/v1/assets/COPPER/leaderboard").get("asset").textValue())
                .isEqualTo("COPPER");
        for (String limit : List.of("0", "1001", "x", "-1")) {
            assertThat(get(400, "/v1/assets/GOLD/leaderboard?limit=" + limit)
                            .get("field")
                            .textValue())
                    .isEqualTo("limit");
        }
    }

    @Test
    void theStatusIsShownWhereverAnAccountIs() {
        ledger.freeze("bob");
        ledger.close("nobody");
        project();

        assertThat(get(200, "/v1/accounts/bob/balances").get("status").textValue())
                .isEqualTo("frozen");
        assertThat(get(200, "/v1/accounts/nobody/balances").get("status").textValue())
                .isEqualTo("closed");
        assertThat(get(200, "/v1/assets/GOLD/leaderboard/bob").get("status").textValue())
                .isEqualTo("frozen");
        assertThat(post(200, "{'accounts':['nobody','alice','bob']}")
                        .get("accounts")
                        .findValuesAsText("status"))
                .containsExactly("closed", "open", "frozen");
        assertThat(get(200, "/v1/accounts").get("accounts").findValuesAsText("status"))
                .containsExactlyInAnyOrder("open", "open", "open", "frozen", "closed");

        ledger.open("bob");
        ledger.open("nobody");
        project();
        assertThat(post(200, "{'accounts':['nobody','bob']}").get("accounts").findValuesAsText("status"))
                .containsExactly("open", "frozen");
        ledger.unfreeze("bob");
        project();
        assertThat(get(200, "/v1/accounts/bob/balances").get("status").textValue())
                .isEqualTo("open");
    }

    @Test
    void manyAccountsInTheOrderAsked() {
        JsonNode answer = post(200, "{'accounts':['nobody','dave','alice','@GOLD','alice','eve','carol']}");

        assertThat(answer.get("accounts").findValuesAsText("account"))
                .containsExactly("nobody", "alice", "@GOLD", "carol");
        assertThat(answer.get("notFound")).isEqualTo(json("['dave','eve']"));
        assertThat(answer.get("asOf").textValue()).isEqualTo(everywhere());
        assertThat(answer.get("accounts").get(1))
                .isEqualTo(json("{'account':'alice','status':'open','balances':[{'asset':'GOLD','available':'1000',"
                        + "'held':'0','locked':'0','staked':'0','total':'1000','decimals':2},{'asset':'SILVER',"
                        + "'available':'7','held':'0','locked':'0','staked':'0','total':'7','decimals':0}]}"));
        int shard = ledger.router().shardOf("bob");
        assertThat(post(200, "{'accounts':['bob','bob']}").get("asOf").textValue())
                .isEqualTo(shard + ":" + ledger.sequence(shard));
    }

    @Test
    void aThousandAccountsAtOnceAndNoMore() {
        String most = IntStream.range(0, 1_000)
                .mapToObj(i -> "'" + "ü".repeat(120) + i + "'")
                .collect(Collectors.joining(","));
        assertThat(post(200, "{'accounts':[" + most + "]}").get("notFound")).hasSize(1_000);

        JsonNode more = post(400, "{'accounts':[" + most + ",'x']}");
        assertThat(more.get("field").textValue()).isEqualTo("accounts");
        assertThat(more.get("value").textValue()).isEqualTo("1001 of them");
    }

    @Test
    void accountsThatAreNoneAreRefusedByName() {
        assertThat(post(400, "{}").get("field").textValue()).isEqualTo("accounts");
        assertThat(post(400, "{'accounts':[]}").get("field").textValue()).isEqualTo("accounts");
        assertThat(post(400, "{'accounts':'alice'}").get("field").textValue()).isEqualTo("accounts");
        assertThat(post(400, "{'accounts':['alice',7]}").get("field").textValue())
                .isEqualTo("accounts[1]");
        assertThat(post(400, "{'accounts':['alice',null]}").get("rule").textValue())
                .isEqualTo("must be a string");
        assertThat(post(400, "{'accounts':['a b']}").get("field").textValue()).isEqualTo("accounts[0]");
        assertThat(post(400, "{'accounts':['@clearing/1/GOLD']}").get("field").textValue())
                .isEqualTo("accounts[0]");
        assertThat(post(400, "[]").get("code").textValue()).isEqualTo("MALFORMED_JSON");
    }

    @Test
    void allAccountsInPages() {
        Set<String> seen = new TreeSet<>();
        String cursor = "";
        do {
            JsonNode page = get(200, "/v1/accounts?limit=2" + cursor);
            assertThat(page.get("asOf").textValue()).matches("[0-2]:[0-9]+(,[0-2]:[0-9]+)*");
            assertThat(page.get("accounts").size()).isLessThanOrEqualTo(2);
            page.get("accounts")
                    .findValuesAsText("account")
                    .forEach(account -> assertThat(seen.add(account)).isTrue());
            cursor =
                    page.has("nextCursor") ? "&cursor=" + page.get("nextCursor").textValue() : "";
        } while (!cursor.isEmpty());
        assertThat(seen).containsExactly("alice", "bob", "carol", "nobody", "till-7{acme}/ö");

        JsonNode all = get(200, "/v1/accounts");
        assertThat(all.has("nextCursor")).isFalse();
        assertThat(all.get("asOf").textValue()).isEqualTo(everywhere());
        assertThat(all.get("accounts").findValuesAsText("account")).containsExactlyInAnyOrderElementsOf(seen);
        for (String wrong : List.of("cursor=x", "cursor=OTk6MDo", "cursor=MDo0MDk2Og", "limit=0", "limit=1001")) {
            assertThat(get(400, "/v1/accounts?" + wrong).get("field").textValue())
                    .isEqualTo(wrong.substring(0, wrong.indexOf('=')));
        }
    }

    @Test
    void whereAnAccountStands() {
        assertThat(get(200, "/v1/assets/GOLD/leaderboard/alice?neighbours=1"))
                .isEqualTo(json("{'asset':'GOLD','decimals':2,'asOf':'" + everywhere()
                        + "','account':'alice','status':'open','rank':3,'total':'1000','count':4,"
                        + "'before':[{'rank':2,'account':'bob','total':'1250'}],"
                        + "'after':[{'rank':4,'account':'carol','total':'250'}]}"));
        JsonNode first =
                get(200, "/v1/assets/GOLD/leaderboard/" + URLEncoder.encode("till-7{acme}/ö", StandardCharsets.UTF_8));
        assertThat(first.get("rank").intValue()).isEqualTo(1);
        assertThat(first.get("before")).isEmpty();
        assertThat(first.get("after").findValuesAsText("account")).containsExactly("bob", "alice", "carol");

        JsonNode nothing = get(200, "/v1/assets/SILVER/leaderboard/nobody");
        assertThat(nothing.has("rank")).isFalse();
        assertThat(nothing.get("total").textValue()).isEqualTo("0");
        assertThat(nothing.get("count").intValue()).isEqualTo(1);
        assertThat(nothing.get("before")).isEmpty();
        assertThat(nothing.get("after")).isEmpty();
    }

    @Test
    void whereNobodyStands() {
        JsonNode unknown = get(404, "/v1/assets/GOLD/leaderboard/dave");
        assertThat(unknown.get("code").textValue()).isEqualTo("ACCOUNT_NOT_FOUND");
        JsonNode nowhere = get(404, "/v1/assets/COPPER/leaderboard/alice");
        assertThat(nowhere.get("code").textValue()).isEqualTo("ASSET_NOT_FOUND");
        assertThat(nowhere.get("asOf").textValue()).isEqualTo(everywhere());
        assertThat(get(400, "/v1/assets/GOLD/leaderboard/%40GOLD").get("field").textValue())
                .isEqualTo("account");
        for (String neighbours : List.of("-1", "51", "x")) {
            assertThat(get(400, "/v1/assets/GOLD/leaderboard/alice?neighbours=" + neighbours)
                            .get("field")
                            .textValue())
                    .isEqualTo("neighbours");
        }
    }

    @Test
    void whoHasTheAnswerAlreadyGetsNoBody() {
        for (String path : List.of(
                "/v1/accounts",
                "/v1/accounts/alice/balances",
                "/v1/assets",
                "/v1/assets/GOLD",
                "/v1/assets/GOLD/leaderboard",
                "/v1/assets/GOLD/leaderboard/alice")) {
            HttpResponse<String> response = send(server.uri(), path);
            String tag = response.headers().firstValue("ETag").orElseThrow();
            assertThat(tag).isEqualTo("W/\"" + json(response.body()).get("asOf").textValue() + "\"");
            assertThat(sendKnowing(tag, path).statusCode()).as(path).isEqualTo(304);
            assertThat(sendKnowing(tag, path).body()).isEmpty();
        }
        String tag = send(server.uri(), "/v1/accounts/alice/balances")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        ledger.mint("GOLD", "alice", "1");
        project();
        assertThat(sendKnowing(tag, "/v1/accounts/alice/balances").statusCode()).isEqualTo(200);
    }

    @Test
    void aQueryWaitsForThePositionThatItAsksFor() {
        int shard = ledger.router().shardOf("alice");
        ledger.mint("GOLD", "alice", "1");
        String path = "/v1/accounts/alice/balances?position=" + shard + ":" + ledger.sequence(shard);
        CompletableFuture<HttpResponse<String>> waiting = client.sendAsync(request(path), BodyHandlers.ofString());
        assertThat(get(503, path + "&wait=100ms").get("code").textValue()).isEqualTo("POSITION_NOT_REACHED");
        assertThat(waiting).isNotDone();

        project();

        HttpResponse<String> response = waiting.join();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response.body()).at("/balances/0/available").textValue())
                .isEqualTo("1001");
        assertThat(get(200, path + "&wait=0s").at("/balances/0/available").textValue())
                .isEqualTo("1001");
        assertThat(get(400, "/v1/assets?position=99:1").get("field").textValue())
                .isEqualTo("position");
    }

    @Test
    void aStoreThatIsEmptyOrBeingRebuiltDoesNotAnswer() {
        Eventually.holds(() -> assertThat(health.isReady()).isTrue());
        int shard = ledger.router().shardOf("alice");
        store.redis.flushdb();

        assertThat(get(503, "/v1/accounts/alice/balances").get("code").textValue())
                .isEqualTo("STORE_EMPTY");
        assertThat(get(503, "/v1/assets").get("code").textValue()).isEqualTo("STORE_EMPTY");
        Eventually.holds(() -> assertThat(health.isReady()).isFalse());

        for (int i = 0; i < SHARDS; i++) {
            store.store.clear(i, "", StorePosition.beginning(0, 1_000));
            tips.set(i, StorePosition.beginning(0, 1_000));
        }
        JsonNode rebuilding = get(503, "/v1/accounts/alice/balances");
        assertThat(rebuilding.get("code").textValue()).isEqualTo("STORE_REBUILDING");
        assertThat(rebuilding.get("detail").textValue())
                .isEqualTo("Redis is being rebuilt: shard " + shard + " is at offset 0 of 1000");
        project();
        assertThat(get(503, "/v1/assets/GOLD/leaderboard").get("code").textValue())
                .isEqualTo("STORE_REBUILDING");

        for (int i = 0; i < SHARDS; i++) {
            ShardBatch last = new ShardBatch(i, tips.get(i), false);
            last.completeRebuild();
            assertThat(store.apply(last)).isEqualTo(last.to().text());
        }
        assertThat(get(200, "/v1/accounts/alice/balances").get("balances")).hasSize(2);
        Eventually.holds(() -> assertThat(health.isReady()).isTrue());
    }

    @Test
    void aStoreThatIsAwayDoesNotAnswer() {
        Health alone = new Health();
        try (RedisProjection away = queries("redis://127.0.0.1:1", alone);
                HttpServer other =
                        HttpServer.start(HttpServer.Settings.ofPort(0), new Health(), metrics, away.modules())) {
            away.start();
            HttpResponse<String> response = send(other.uri(), "/v1/assets");

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("Retry-After")).contains("1");
            assertThat(json(response.body()).get("code").textValue()).isEqualTo("STORE_UNAVAILABLE");
            Eventually.holds(
                    () -> assertThat(alone.reports().getFirst().detail()).isEqualTo("Redis does not answer now"));
        }
    }

    /** The positions of all shards. */
    private String everywhere() {
        return IntStream.range(0, SHARDS)
                .mapToObj(shard -> shard + ":" + ledger.sequence(shard))
                .collect(Collectors.joining(","));
    }

    /** Brings the store up to the ledger. */
    private void project() {
        IntStream.range(0, SHARDS).forEach(shard -> {
            StorePosition tip = tips.get(shard);
            List<byte[]> journal = ledger.journal(shard);
            ShardBatch batch = Batches.of(shard, tip, journal.subList((int) tip.sequence(), journal.size()));
            assertThat(store.apply(batch)).isEqualTo(batch.to().text());
            tips.set(shard, batch.to());
        });
    }

    private RedisProjection queries(String redisUri, Health where) {
        return new RedisProjection(
                RedisProjectionSettings.queriesOnly(Topics.DEFAULT, ledger.router(), RedisSettings.of(redisUri)),
                where,
                metrics);
    }

    private JsonNode get(int status, String path) {
        HttpResponse<String> response = send(server.uri(), path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json(response.body());
    }

    private HttpResponse<String> send(URI base, String path) {
        return client.sendAsync(
                        HttpRequest.newBuilder(URI.create(base + path))
                                .timeout(TIMEOUT)
                                .build(),
                        BodyHandlers.ofString())
                .join();
    }

    private HttpResponse<String> sendKnowing(String tag, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .header("If-None-Match", tag)
                .timeout(TIMEOUT)
                .build();
        return client.sendAsync(request, BodyHandlers.ofString()).join();
    }

    private JsonNode post(int status, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + "/v1/accounts/balances"))
                .POST(BodyPublishers.ofString(body.replace('\'', '"')))
                .timeout(TIMEOUT)
                .build();
        HttpResponse<String> response =
                client.sendAsync(request, BodyHandlers.ofString()).join();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return json(response.body());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(server.uri() + path))
                .timeout(TIMEOUT)
                .build();
    }

    private static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
