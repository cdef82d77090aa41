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
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
                .isEqualTo(json("{'account':'alice','position':'" + shard + ":" + ledger.sequence(shard)
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
        assertThat(unknown.get("positions")).hasSize(1);

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
        assertThat(all.get("positions")).hasSize(SHARDS);
        assertThat(all.get("assets").findValuesAsText("asset")).containsExactly("GOLD", "SILVER");
        assertThat(all.get("assets").findValuesAsText("supply")).containsExactly("90071992547412431", "7");

        int shard = ledger.router().shardOf("@GOLD");
        assertThat(get(200, "/v1/assets/GOLD"))
                .isEqualTo(json("{'asset':'GOLD','name':'GOLD coin','symbol':'G','emoji':'','decimals':2,"
                        + "'supply':'90071992547412431','position':'" + shard + ":" + ledger.sequence(shard) + "'}"));
        JsonNode unknown = get(404, "/v1/assets/COPPER");
        assertThat(unknown.get("code").textValue()).isEqualTo("ASSET_NOT_FOUND");
        assertThat(unknown.get("asset").textValue()).isEqualTo("COPPER");
        assertThat(get(400, "/v1/assets/copper").get("code").textValue()).isEqualTo("INVALID_PARAMETER");
    }

    @Test
    void leaderboards() {
        JsonNode board = get(200, "/v1/assets/GOLD/leaderboard?limit=3");
        assertThat(board.get("positions")).hasSize(SHARDS);
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
