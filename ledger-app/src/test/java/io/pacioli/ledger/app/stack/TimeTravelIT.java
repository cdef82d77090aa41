package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pacioli.ledger.api.CommandCodec;
import io.pacioli.ledger.api.Timestamps;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.CommandLineRun;
import io.pacioli.ledger.app.client.ApiClient;
import io.pacioli.ledger.audit.Books;
import io.pacioli.ledger.audit.JournalFold;
import io.pacioli.ledger.audit.Progress;
import io.pacioli.ledger.audit.Until;
import io.pacioli.ledger.core.AccountId;
import io.pacioli.ledger.core.Position;
import io.pacioli.ledger.testkit.workload.Workload;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The books as they were, from the topics alone, are those that PostgreSQL has of then. */
final class TimeTravelIT {
    private static final int COMMANDS = 4_000;
    private static final int MOMENTS = 6;
    private static final long SEED = 4711;

    @TempDir
    private Path scratch = Path.of("");

    @Test
    void theTopicsAndPostgresAgreeAboutThePast() throws Exception {
        try (LedgerProcess up = LedgerProcess.up(
                        scratch,
                        "--data-dir",
                        scratch.resolve("data").toString(),
                        "--shards",
                        "3",
                        "--projections",
                        "postgres")
                .awaitReady()) {
            String url = up.url();
            long startMillis = System.currentTimeMillis();
            ok("produce", commands().toString(), "--wait", "--url", url);
            long endMillis = System.currentTimeMillis();
            Map<String, String> kafka = Map.of("bootstrap.servers", "127.0.0.1:" + up.kafkaPort());
            List<Position> last = fold(kafka, new Until.Now()).positions();
            awaitPostgres(url, last);
            SplittableRandom random = new SplittableRandom(SEED);
            int balances = 0;
            for (int i = 0; i < MOMENTS; i++) {
                long atMillis = random.nextLong(startMillis, endMillis);
                balances += compare(url, kafka, new Until.Instant(atMillis), Timestamps.format(atMillis));
                List<Position> positions = last.stream()
                        .map(one -> new Position(one.shard(), random.nextLong(one.sequence() / 4, one.sequence()) + 1))
                        .toList();
                balances += compare(url, kafka, Until.Sequences.of(positions), text(positions));
            }
            balances += compare(url, kafka, Until.Sequences.of(last), text(last));
            assertThat(balances).as("balances that were compared").isGreaterThan(MOMENTS * 20);
        }
    }

    /** Compares the Java API, the command and PostgreSQL; returns how many balances there were. */
    private static int compare(String url, Map<String, String> kafka, Until until, String at) throws Exception {
        Map<String, String> expected = postgres(url, at);
        Map<String, String> folded = new TreeMap<>();
        fold(kafka, until).forEach((shard, account, holding) -> {
            if (!AccountId.isSystem(account)) {
                folded.put(
                        shard + " " + account + " " + holding.asset(),
                        holding.available() + " " + holding.held() + " " + holding.locked() + " " + holding.staked());
            }
        });
        assertThat(folded).as("the books at " + at).isEqualTo(expected);
        Map<String, String> shown = new TreeMap<>();
        for (JsonNode row : new ObjectMapper()
                .readTree(ok("state", "--at", at, "--json", "--url", url))
                .path("balances")) {
            if (!AccountId.isSystem(row.path("account").asText())) {
                put(shown, row);
            }
        }
        assertThat(shown).as("ledger state --at " + at).isEqualTo(expected);
        return expected.size();
    }

    private static Map<String, String> postgres(String url, String at) {
        Map<String, String> balances = new TreeMap<>();
        try (ApiClient api = new ApiClient(List.of(URI.create(url)), Duration.ofSeconds(30))) {
            String cursor = "";
            while (cursor != null) {
                JsonNode page = api.get("/v1/balances/" + encoded(at) + "?limit=50"
                        + (cursor.isEmpty() ? "" : "&cursor=" + encoded(cursor)));
                page.path("balances").forEach(row -> put(balances, row));
                cursor = page.path("nextCursor").asText(null);
            }
        }
        return balances;
    }

    private static void put(Map<String, String> balances, JsonNode row) {
        String key = row.path("shard").asInt() + " " + row.path("account").asText() + " "
                + row.path("asset").asText();
        String value = row.path("available").asText() + " " + row.path("held").asText() + " "
                + row.path("locked").asText() + " " + row.path("staked").asText();
        assertThat(balances.put(key, value)).as(key + " comes once").isNull();
    }

    private static Books fold(Map<String, String> kafka, Until until) {
        try (JournalFold fold = JournalFold.open(kafka, Topics.DEFAULT.journal(), until)) {
            Books books = fold.readToEnd(Progress.NONE);
            assertThat(books.faults()).isEmpty();
            return books;
        }
    }

    /** Whatever the journal has by then, a query waits until PostgreSQL has it. */
    private static void awaitPostgres(String url, List<Position> positions) {
        try (ApiClient api = new ApiClient(List.of(URI.create(url)), Duration.ofSeconds(60))) {
            positions.forEach(position ->
                    api.get("/v1/balances/" + encoded(text(positions)) + "?limit=1&wait=30s&position=" + position));
        }
    }

    private Path commands() throws Exception {
        Workload workload = new Workload(SEED);
        // Of two who wait for the same transaction only the last one is told.
        Set<String> lines = new LinkedHashSet<>();
        for (int i = 0; i < COMMANDS; i++) {
            lines.add(
                    new String(CommandCodec.encode(workload.next(System.currentTimeMillis())), StandardCharsets.UTF_8));
        }
        return Files.write(scratch.resolve("commands.jsonl"), lines);
    }

    private static String text(List<Position> positions) {
        return positions.stream().map(Position::toString).collect(Collectors.joining(","));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String ok(String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.code())
                .as(String.join(" ", arguments) + "\n" + run.out() + run.err())
                .isZero();
        return run.out();
    }
}
