package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.pacioli.ledger.app.CommandLineRun;
import io.pacioli.ledger.app.client.ApiClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rebuilds of both projections of a ledger that runs, with everything beside that people do meanwhile. */
final class RebuildIT {
    private static final int ACCOUNTS = 30;
    private static final int TRANSFERS = 4_000;

    @TempDir
    private Path scratch = Path.of("");

    @Test
    void rebuildsAndRepairsWhileTheLedgerRuns() throws Exception {
        String data = scratch.resolve("data").toString();
        try (LedgerProcess up =
                LedgerProcess.up(scratch, "--data-dir", data, "--shards", "3").awaitReady()) {
            String url = up.url();
            ok("define-asset", "GOLD", "--url", url);
            ok("open-account", "nobody", "--url", url);
            ok("produce", commands("mints", mints()).toString(), "--wait", "--url", url);
            JsonNode info;
            try (ApiClient api = new ApiClient(List.of(URI.create(url)), Duration.ofSeconds(30))) {
                info = api.get("/v1/info");
            }
            plant(info);
            CommandLineRun wrong = CommandLineRun.of("audit", "--fast", "--url", url);
            assertThat(wrong.code()).isEqualTo(1);
            assertThat(wrong.out())
                    .contains(
                            "./ledger rebuild redis --account 'nobody'",
                            "./ledger rebuild postgres --account 'nobody'");

            assertThat(ok("rebuild", "redis", "--account", "nobody", "--url", url))
                    .contains("nobody", "put right");
            assertThat(ok("rebuild", "postgres", "--account", "nobody", "--url", url))
                    .contains("put right");
            assertThat(ok("audit", "--fast", "--url", url)).contains("All holds");

            plant(info);
            CommandLineRun dry = CommandLineRun.of("rebuild", "redis", "--dry-run", "--url", url);
            assertThat(dry.code()).isEqualTo(1);
            assertThat(dry.out())
                    .contains("nobody: was GOLD=7, the journal gives an empty account", "nothing was swapped");
            underLoad(url);
            assertThat(ok("audit", "--url", url)).contains("All holds", "all equal");
            assertThat(ok("rebuild", "redis", "--dry-run", "--url", url)).contains("All was equal");
            JsonNode told = new ObjectMapper().readTree(ok("rebuild", "redis", "--json", "--url", url));
            assertThat(told.path("store").asText()).isEqualTo("redis");
            assertThat(told.path("swapped").asBoolean()).isTrue();
            assertThat(told.path("differences").asLong(-1)).isZero();
            assertThat(told.path("compared").asLong()).isGreaterThan(ACCOUNTS);
            assertThat(told.path("asOf").asText()).matches("0:\\d+,1:\\d+,2:\\d+");
        }
    }

    private void underLoad(String url) throws Exception {
        Path transfers = commands("transfers", transfers());
        CompletableFuture<CommandLineRun> load = CompletableFuture.supplyAsync(
                () -> CommandLineRun.of("produce", transfers.toString(), "--wait", "--url", url));
        try (Watch watch = new Watch(url)) {
            assertThat(ok("rebuild", "redis", "--url", url)).contains("1 difference", "taken the place");
            assertThat(ok("rebuild", "postgres", "--url", url)).contains("balances nobody GOLD", "taken the place");
            assertThat(load.get(3, TimeUnit.MINUTES).code()).isZero();
            watch.assertOnlyAnswersOr503();
        }
    }

    /** Gives an account without anything something in both projections. */
    private static void plant(JsonNode info) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(info.path("postgres").asText(), "ledger", "ledger");
                var statement = connection.createStatement()) {
            statement.executeUpdate("INSERT INTO ledger.balances (account, asset, shard, available, version, at)"
                    + " SELECT account, 'GOLD', shard, 7, 1, since FROM ledger.accounts WHERE account = 'nobody'");
        }
        RedisClient client = RedisClient.create(info.path("redis").asText());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            String key = connection.sync().keys("{s*}:accounts:*").stream()
                    .filter(name -> connection.sync().hexists(name, "nobody"))
                    .findFirst()
                    .orElseThrow();
            connection.sync().hset(key, "nobody", "GOLD=7");
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }

    /** Asks all the time, and never hears of an earlier position than before. */
    private static final class Watch implements AutoCloseable {
        private final CountDownLatch closing = new CountDownLatch(1);
        private final Map<Integer, Integer> answers = new TreeMap<>();
        private final List<String> wrong = new ArrayList<>();
        private final Thread thread;

        Watch(String url) {
            thread = Thread.ofPlatform().daemon().start(() -> watch(url));
        }

        private void watch(String url) {
            Map<String, Long> last = new TreeMap<>();
            try (HttpClient http = HttpClient.newHttpClient()) {
                while (closing.getCount() > 0) {
                    ask(http, url + "/v1/accounts/user-1/balances", last);
                    ask(http, url + "/v1/accounts/user-1/entries?limit=1", last);
                }
            } catch (Exception e) {
                wrong.add(e.toString());
            }
        }

        private void ask(HttpClient http, String url, Map<String, Long> last) throws Exception {
            String key = url + last.getOrDefault(url, 0L);
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url))
                            .timeout(Duration.ofSeconds(30))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            answers.merge(answer.statusCode(), 1, Integer::sum);
            if (answer.statusCode() == 503) {
                if (answer.headers().firstValue("Retry-After").isEmpty()) {
                    wrong.add("503 without Retry-After: " + answer.body());
                }
            } else if (answer.statusCode() != 200) {
                wrong.add(key + ": " + answer.statusCode() + " " + answer.body());
            } else {
                String tag = answer.headers().firstValue("ETag").orElse("");
                long sequence = Long.parseLong(tag.replaceAll(".*:", "").replaceAll("[^0-9].*", ""));
                if (sequence < last.getOrDefault(url, 0L)) {
                    wrong.add(key + " went back to " + sequence);
                }
                last.put(url, sequence);
            }
        }

        void assertOnlyAnswersOr503() {
            close();
            assertThat(wrong).isEmpty();
            assertThat(answers.getOrDefault(200, 0)).isGreaterThan(100);
            assertThat(answers.getOrDefault(503, 0)).as(answers.toString()).isLessThan(20);
        }

        @Override
        public void close() {
            closing.countDown();
            try {
                thread.join(Duration.ofSeconds(60));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Path commands(String name, List<String> lines) throws Exception {
        return Files.write(scratch.resolve(name + ".jsonl"), lines);
    }

    private static List<String> mints() {
        List<String> mints = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            mints.add("{\"type\":\"Mint\",\"id\":\"m" + i + "\",\"asset\":\"GOLD\",\"to\":\"user-" + i
                    + "\",\"amount\":\"100000\"}");
        }
        return mints;
    }

    private static List<String> transfers() {
        List<String> transfers = new ArrayList<>();
        for (int i = 0; i < TRANSFERS; i++) {
            transfers.add(
                    "{\"type\":\"Transfer\",\"id\":\"t" + i + "\",\"asset\":\"GOLD\",\"from\":\"user-" + i % ACCOUNTS
                            + "\",\"to\":\"user-" + (i * 7 + 3) % ACCOUNTS + "\",\"amount\":\"" + (1 + i % 50) + "\"}");
        }
        return transfers;
    }

    private static String ok(String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code())
                .as(String.join(" ", arguments) + "\n" + run.out() + run.err())
                .isZero();
        return run.out();
    }
}
