package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanIterator;
import io.lettuce.core.api.StatefulRedisConnection;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.Topics;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit of a ledger that runs, with real servers: no false alarms under load, and every change by hand is found. */
final class AuditIT {
    private static final int SHARDS = 3;
    private static final int ACCOUNTS = 40;
    private static final int TRANSFERS = 6_000;
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SAME_POSTING =
            "p.account = k.account AND p.at = k.at AND p.shard = k.shard AND p.version = k.version";

    @TempDir
    private Path scratch = Path.of("");

    @Test
    void provesTheLedgerWhileItRunsAndFindsWhatSomebodyChanged() throws Exception {
        String data = scratch.resolve("data").toString();
        try (LedgerProcess up = LedgerProcess.up(
                        scratch,
                        "--data-dir",
                        data,
                        "--shards",
                        Integer.toString(SHARDS),
                        "--checkpoint-interval",
                        "1s")
                .awaitReady()) {
            String url = up.url();
            ok("define-asset", "GOLD", "--url", url);
            // Every shard has to know the asset before anybody there pays with it.
            ok("produce", commands("mints", mints()).toString(), "--wait", "--url", url);
            CommandLineRun told =
                    CommandLineRun.of("produce", commands("told", told()).toString(), "--wait", "--url", url);
            assertThat(told.out() + told.err()).contains("INSUFFICIENT_FUNDS");
            Path transfers = commands("transfers", transfers());
            CompletableFuture<CommandLineRun> load = CompletableFuture.supplyAsync(
                    () -> CommandLineRun.of("produce", transfers.toString(), "--wait", "--url", url));
            long grownMost = 0;
            do {
                long before = journalEnd(url);
                CommandLineRun audit = CommandLineRun.of("audit", "--url", url);
                assertThat(audit.code()).as(audit.out() + audit.err()).isZero();
                assertThat(audit.out())
                        .contains("All holds", "Redis", "Postgres", "all equal", "verified: signature, place");
                grownMost = Math.max(grownMost, journalEnd(url) - before);
            } while (!load.isDone());
            assertThat(load.get(1, TimeUnit.MINUTES).code()).isZero();
            assertThat(grownMost).as("records of the journal during an audit").isPositive();
            String state = scratch.resolve("audits").toString();
            ok("audit", "--audit-state", state, "--url", url);
            assertThat(ok("audit", "--audit-state", state, "--url", url)).contains("\n  0 entries of 3 shards");
            timeTravel(url);
            signedCheckpoints(url, Path.of(data));
            changesByHand(url);
        }
    }

    /** The sum of the offsets behind the journal's last records. */
    private static long journalEnd(String url) throws Exception {
        String kafka = info(url).path("kafka").asText();
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            for (int shard = 0; shard < SHARDS; shard++) {
                asked.put(new TopicPartition(Topics.DEFAULT.journal(), shard), OffsetSpec.latest());
            }
            return admin.listOffsets(asked).all().get(1, TimeUnit.MINUTES).values().stream()
                    .mapToLong(ListOffsetsResult.ListOffsetsResultInfo::offset)
                    .sum();
        }
    }

    private static JsonNode info(String url) throws Exception {
        try (ApiClient api = new ApiClient(List.of(URI.create(url)), Duration.ofSeconds(30))) {
            return api.get("/v1/info");
        }
    }

    private static void timeTravel(String url) {
        String now = ok("state", "--asset", "GOLD", "--account", "user-1", "--csv", "--url", url);
        assertThat(now.lines()).hasSize(2).element(1).asString().contains(",user-1,GOLD,");
        assertThat(ok("state", "--at", "2026-01-01T00:00:00Z", "--csv", "--url", url)
                        .lines())
                .hasSize(1);
        assertThat(ok("state", "--json", "--url", url)).contains("\"account\":\"@GOLD\"");
    }

    /** Everything is signed soon, and nothing by anybody else. */
    private void signedCheckpoints(String url, Path data) throws Exception {
        assertThat(data.resolve("checkpoint-key.pem")).exists();
        await(() -> {
            JsonNode report = JSON.readTree(ok("audit", "--fast", "--json", "--url", url));
            JsonNode checkpoints = report.path("checkpoints");
            return checkpoints.path("verified").asLong() > 0
                    && checkpoints.path("uncovered").asLong(-1) == 0;
        });
        Path theirs = scratch.resolve("theirs.pem");
        SigningKey.createIfMissing(scratch.resolve("their-key.pem"), theirs);
        CommandLineRun stranger = CommandLineRun.of("audit", "--fast", "--public-key", theirs.toString(), "--url", url);
        assertThat(stranger.code()).isEqualTo(1);
        assertThat(stranger.out()).contains("must be signed by a known key");
    }

    /** The auditor notices by itself, and again when all is well. */
    private void auditor(String url, JsonNode info) throws Exception {
        List<String> arguments = List.of(
                "auditor",
                "--url",
                url,
                "--http-port=0",
                "--audit-interval=500ms",
                "--audit-state",
                scratch.resolve("auditor").toString());
        try (LedgerProcess auditor = LedgerProcess.start(scratch, Map.of(), arguments)) {
            String own = auditor.awaitOutput("listens at").url();
            await(() -> metric(own, "ledger_auditor_verdict") == 1);
            assertThat(get(own, "/v1/audit").body()).contains("\"passed\":true", "\"checkpoints\":{");
            assertThat(get(own, "/readyz").statusCode()).isEqualTo(200);
            assertThat(metric(own, "ledger_auditor_position{shard=\"0\"}")).isPositive();
            await(() -> metric(own, "ledger_auditor_lag") >= 0);

            sql(info, "UPDATE ledger.balances SET available = available + 7 WHERE account = 'user-3'");
            await(() -> metric(own, "ledger_auditor_verdict") == 0);
            assertThat(get(own, "/v1/audit").body()).contains("user-3 GOLD available");
            assertThat(metric(own, "ledger_auditor_findings")).isEqualTo(1);
            assertThat(get(own, "/healthz").statusCode()).isEqualTo(200);
            sql(info, "UPDATE ledger.balances SET available = available - 7 WHERE account = 'user-3'");
            await(() -> metric(own, "ledger_auditor_verdict") == 1);
            assertThat(auditor.output()).contains("1 DIFFERENCES", "Auditing everything");
            auditor.terminate();
            auditor.awaitExit();
        }
    }

    /** The month is divided in the middle of what has happened, and the older part is detached. */
    private static void retention(String url, JsonNode info) throws Exception {
        sql(info, """
                DO $$
                DECLARE
                    cut timestamptz;
                    divided text;
                    month record;
                BEGIN
                    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY at) INTO cut FROM ledger.entries;
                    FOREACH divided IN ARRAY ARRAY['entries', 'postings', 'rejections', 'entry_metadata'] LOOP
                        SELECT * INTO month FROM ledger.v_partitions
                            WHERE table_name = divided AND ends > cut AND coalesce(starts <= cut, true);
                        EXECUTE format('ALTER TABLE ledger.%I DETACH PARTITION ledger.%I', divided, month.partition_name);
                        EXECUTE format('CREATE TABLE ledger.%I (LIKE ledger.%I INCLUDING ALL)', divided || '_old', divided);
                        EXECUTE format('INSERT INTO ledger.%I SELECT * FROM ledger.%I WHERE at < %L',
                                       divided || '_old', month.partition_name, cut);
                        EXECUTE format('DELETE FROM ledger.%I WHERE at < %L', month.partition_name, cut);
                        EXECUTE format('ALTER TABLE ledger.%I ATTACH PARTITION ledger.%I FOR VALUES FROM (%s) TO (%L)',
                                       divided, divided || '_old', coalesce(quote_literal(month.starts), 'MINVALUE'), cut);
                        EXECUTE format('ALTER TABLE ledger.%I ATTACH PARTITION ledger.%I FOR VALUES FROM (%L) TO (%L)',
                                       divided, month.partition_name, cut, month.ends);
                    END LOOP;
                    PERFORM ledger.detach_partitions_before(cut);
                END $$""");
        JsonNode report = JSON.readTree(ok("audit", "--fast", "--json", "--url", url));
        JsonNode postgres = report.at("/projections/1");
        assertThat(postgres.path("name").asText()).isEqualTo("Postgres");
        assertThat(postgres.path("entriesNotKept").asLong())
                .isBetween(1L, report.path("entries").asLong() - 1);
        assertThat(postgres.path("entriesNotKept").asLong()
                        + postgres.path("entries").asLong())
                .isEqualTo(report.path("entries").asLong());
        assertThat(ok("audit", "--url", url)).contains("All holds", "before that were not compared");

        sql(
                info,
                "CREATE TABLE ledger.kept AS SELECT * FROM ledger.postings WHERE account = 'user-4' ORDER BY at, version LIMIT 1");
        sql(info, "UPDATE ledger.postings p SET amount = p.amount + 1 FROM ledger.kept k WHERE " + SAME_POSTING);
        CommandLineRun changed = CommandLineRun.of("audit", "--fast", "--json", "--url", url);
        assertThat(changed.code()).isEqualTo(1);
        assertThat(changed.out()).contains("\"kind\":\"HISTORY\"", "user-4 GOLD available");
        sql(info, "UPDATE ledger.postings p SET amount = p.amount - 1 FROM ledger.kept k WHERE " + SAME_POSTING);
        sql(info, "DROP TABLE ledger.kept");
        ok("audit", "--fast", "--url", url);
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        long deadlineNanos = System.nanoTime() + WAIT_MAX.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).isLessThan(deadlineNanos);
            LockSupport.parkNanos(100_000_000);
        }
    }

    private static HttpResponse<String> get(String url, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(url + path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** A figure of a process; not a number when it does not have it. */
    private static double metric(String url, String name) throws Exception {
        return get(url, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private void changesByHand(String url) throws Exception {
        JsonNode info = info(url);
        auditor(url, info);
        String before = sql(info, "UPDATE ledger.balances SET available = available + 7 WHERE account = 'user-3'");
        CommandLineRun changed = CommandLineRun.of("audit", "--fast", "--url", url);
        assertThat(changed.code()).as(before).isEqualTo(1);
        assertThat(changed.out()).contains("1 difference", "Postgres", "user-3 GOLD available");
        sql(info, "UPDATE ledger.balances SET available = available - 7 WHERE account = 'user-3'");

        sql(info, "CREATE TABLE ledger.kept AS SELECT * FROM ledger.postings WHERE account = 'user-4' LIMIT 1");
        sql(info, "DELETE FROM ledger.postings p USING ledger.kept k WHERE " + SAME_POSTING);
        CommandLineRun deleted = CommandLineRun.of("audit", "--fast", "--json", "--url", url);
        assertThat(deleted.code()).isEqualTo(1);
        assertThat(deleted.out()).contains("\"kind\":\"HISTORY\"", "user-4 GOLD available");
        sql(info, "INSERT INTO ledger.postings SELECT * FROM ledger.kept");
        sql(info, "DROP TABLE ledger.kept");
        historyRewritten(url, info);
        otherTables(url, info);
        assertThat(CommandLineRun.of("audit", "--url", url).code()).isZero();
        retention(url, info);

        String account = changeRedis(info.path("redis").asText());
        CommandLineRun inRedis = CommandLineRun.of("audit", "--url", url);
        assertThat(inRedis.code()).isEqualTo(1);
        assertThat(inRedis.out()).contains("Redis", account + " GOLD available", "found 99999999");
    }

    /** What no balance and no sum tells: a posting's balance, and what an entry says. */
    private static void historyRewritten(String url, JsonNode info) throws Exception {
        sql(info, "CREATE TABLE ledger.kept AS SELECT * FROM ledger.postings WHERE account = 'user-5' LIMIT 1");
        sql(
                info,
                "CREATE TABLE ledger.kept_entry AS SELECT * FROM ledger.entries WHERE type = 'TransferPosted' LIMIT 1");
        String key = " FROM ledger.kept k WHERE p.account = k.account AND p.at = k.at AND p.shard = k.shard"
                + " AND p.version = k.version";
        String entryKey = " FROM ledger.kept_entry k WHERE e.shard = k.shard AND e.sequence = k.sequence";
        sql(info, "UPDATE ledger.postings p SET balance = p.balance + 1" + key);
        sql(info, "UPDATE ledger.entries e SET data = e.data || '{\"memo\":\"bribe\"}'" + entryKey);
        CommandLineRun rewritten = CommandLineRun.of("audit", "--fast", "--url", url);
        assertThat(rewritten.code()).isEqualTo(1);
        assertThat(rewritten.out())
                .contains("2 differences", "user-5 GOLD available", "the journal's balance after it", "bribe");
        sql(info, "UPDATE ledger.postings p SET balance = k.balance" + key);
        sql(info, "UPDATE ledger.entries e SET data = k.data" + entryKey);
        sql(info, "DROP TABLE ledger.kept, ledger.kept_entry");
    }

    /** A table, what tells its rows apart, a column with another value for it, and a key for a row too many. */
    private record Planted(String table, List<String> key, String column, String wrong, String other) {
        static final List<Planted> ALL = List.of(
                new Planted(
                        "rejections",
                        List.of("at", "shard", "sequence"),
                        "message",
                        "message || '!'",
                        "sequence + 9999999"),
                new Planted(
                        "entry_metadata", List.of("key", "shard", "sequence"), "value", "value || '!'", "key || 'X'"),
                new Planted(
                        "activity",
                        List.of("asset", "grain", "starts", "shard"),
                        "volume",
                        "volume + 1",
                        "asset || 'X'"),
                new Planted(
                        "rejection_counts",
                        List.of("code", "grain", "starts", "shard"),
                        "rejections",
                        "rejections + 1",
                        "code || 'X'"),
                new Planted(
                        "accounts", List.of("account", "shard"), "since", "since + interval '1s'", "account || 'X'"),
                new Planted("assets", List.of("asset"), "name", "name || '!'", "asset || 'X'"));

        String keep() {
            return "CREATE TABLE ledger.kept_" + table + " AS SELECT * FROM ledger." + table + " ORDER BY "
                    + String.join(", ", key) + " LIMIT 1";
        }

        String same(String kept) {
            return key.stream()
                    .map(column -> "t." + column + " = k." + column)
                    .collect(Collectors.joining(" AND ", " FROM ledger." + kept + "_" + table + " k WHERE ", ""));
        }

        String set(String value) {
            return "UPDATE ledger." + table + " t SET " + column + " = " + value + same("kept");
        }

        String delete(String kept) {
            return "DELETE FROM ledger." + table + " t" + same(kept).replaceFirst(" FROM", " USING");
        }

        String insert(String kept) {
            return "INSERT INTO ledger." + table + " SELECT * FROM ledger." + kept + "_" + table;
        }

        /** A row that differs by the part of its key that comes first and can be another. */
        List<String> more() {
            String changed = other.replaceFirst(" .*", "");
            return List.of(
                    "CREATE TABLE ledger.more_" + table + " AS SELECT * FROM ledger.kept_" + table,
                    "UPDATE ledger.more_" + table + " SET " + changed + " = " + other,
                    insert("more"));
        }
    }

    /** A wrong value, a deleted row and a row too many in each of the other tables. */
    private static void otherTables(String url, JsonNode info) throws Exception {
        for (Planted planted : Planted.ALL) {
            sql(info, planted.keep());
            sql(info, planted.set("t." + planted.wrong()));
        }
        named(url, planted -> ": column " + planted.column() + " must be what the journal gives");
        for (Planted planted : Planted.ALL) {
            sql(info, planted.set("k." + planted.column()));
            sql(info, planted.delete("kept"));
        }
        named(url, planted -> ": must have the row that the journal gives");
        for (Planted planted : Planted.ALL) {
            sql(info, planted.insert("kept"));
            for (String statement : planted.more()) {
                sql(info, statement);
            }
        }
        named(url, planted -> ": must not have a row that the journal does not give");
        for (Planted planted : Planted.ALL) {
            sql(info, planted.delete("more"));
            sql(info, "DROP TABLE ledger.kept_" + planted.table() + ", ledger.more_" + planted.table());
        }
        ok("audit", "--fast", "--url", url);

        sql(info, "UPDATE ledger.accounts SET status = 'frozen' WHERE account = 'user-3'");
        CommandLineRun frozen = CommandLineRun.of("audit", "--fast", "--url", url);
        assertThat(frozen.out())
                .contains("1 difference", "row user-3: column status", "expected open, found frozen")
                .contains("To put Postgres right: ./ledger rebuild postgres --account 'user-3'");
        assertThat(ok("rebuild", "postgres", "--account", "user-3", "--url", url))
                .contains("figures by hour and day, rejections and assets were left as they are");
        ok("audit", "--fast", "--url", url);
    }

    /** One difference of each table, and only building all anew puts them right. */
    private static void named(String url, Function<Planted, String> rule) {
        CommandLineRun run = CommandLineRun.of("audit", "--fast", "--url", url);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains(Planted.ALL.size() + " differences");
        for (Planted planted : Planted.ALL) {
            assertThat(run.out())
                    .containsPattern("table " + planted.table() + ", row [^,]+" + Pattern.quote(rule.apply(planted)));
        }
        assertThat(run.out().lines()).contains("To put Postgres right: ./ledger rebuild postgres");
    }

    private static String sql(JsonNode info, String statement) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(info.path("postgres").asText(), "ledger", "ledger");
                var prepared = connection.createStatement()) {
            return statement + ": " + prepared.executeUpdate(statement);
        }
    }

    /** Gives one account another balance; returns the account. */
    private static String changeRedis(String uri) {
        RedisClient client = RedisClient.create(uri);
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            ScanIterator<String> keys = ScanIterator.scan(
                    connection.sync(),
                    ScanArgs.Builder.matches("{s*}:accounts:*").limit(500));
            while (keys.hasNext()) {
                String key = keys.next();
                for (Map.Entry<String, String> stored :
                        connection.sync().hgetall(key).entrySet()) {
                    if (stored.getValue().contains("GOLD=")) {
                        String changed = stored.getValue().replaceFirst("GOLD=[0-9]+", "GOLD=99999999");
                        connection.sync().hset(key, stored.getKey(), changed);
                        return stored.getKey();
                    }
                }
            }
            throw new AssertionError("Redis has accounts");
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
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

    /** What is told of in tables of its own: rejections and metadata. */
    private static List<String> told() {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            told.add("{\"type\":\"Transfer\",\"id\":\"too-much-" + i + "\",\"asset\":\"GOLD\",\"from\":\"user-" + i
                    + "\",\"to\":\"user-0\",\"amount\":\"100000000\"}");
            told.add("{\"type\":\"Transfer\",\"id\":\"told-" + i + "\",\"asset\":\"GOLD\",\"from\":\"user-" + i
                    + "\",\"to\":\"shop\",\"amount\":\"1\",\"metadata\":{\"order\":\"" + i + "\"}}");
        }
        return told;
    }

    private static List<String> transfers() {
        List<String> transfers = new ArrayList<>();
        for (int i = 0; i < TRANSFERS; i++) {
            String from = "user-" + i % ACCOUNTS;
            String to = i % 3 == 0 ? "new-" + i / 3 : "user-" + (i * 7 + 3) % ACCOUNTS;
            transfers.add("{\"type\":\"Transfer\",\"id\":\"t" + i + "\",\"asset\":\"GOLD\",\"from\":\"" + from
                    + "\",\"to\":\"" + to + "\",\"amount\":\"" + (1 + i % 50) + "\"}");
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
