package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pacioli.ledger.app.CommandLineRun;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger without one of its projections, on a data directory that has seen it with the other one. */
final class ProjectionsIT {
    private static final Duration SETTLE_MAX = Duration.ofSeconds(60);

    @TempDir
    private Path scratch = Path.of("");

    @Test
    void whatWasLeftOutCatchesUp() throws Exception {
        try (LedgerProcess up = up("redis")) {
            assertThat(up.output()).containsPattern("PostgreSQL +left out").containsPattern("Redis +redis://");
            ok(up, "define-asset", "GOLD", "--decimals", "2");
            ok(up, "mint", "alice", "100", "GOLD");
            awaitOutput(up, "100.00  GOLD", "balance", "alice");
            ok(up, "transfer", "alice", "bob", "12.50", "GOLD", "--id", "t-1");
            awaitOutput(up, "87.50  GOLD", "balance", "alice");
            assertThat(ok(up, "top", "GOLD")).contains("alice");
            refused(up, "projection-postgres", "history", "alice");
            describes(up, "redis", "/v1/assets", "/v1/accounts/{account}/entries", "projection-postgres");
            up.terminate();
            up.awaitExit();
        }
        try (LedgerProcess up = up("postgres")) {
            assertThat(up.output()).containsPattern("Redis +left out").containsPattern("PostgreSQL +jdbc:postgresql:");
            awaitOutput(up, "GOLD", "assets");
            ok(up, "transfer", "alice", "bob", "7.50", "GOLD", "--id", "t-2");
            awaitOutput(up, "-7.50  GOLD", "history", "alice");
            assertThat(ok(up, "history", "alice")).contains("-12.50  GOLD", "+100.00  GOLD");
            refused(up, "projection-redis", "balance", "alice");
            refused(up, "projection-redis", "top", "GOLD");
            assertThat(ok(up, "assets")).contains("GOLD");
            describes(up, "postgres", "/v1/accounts/{account}/entries", "/v1/assets", "projection-redis");
            up.terminate();
            up.awaitExit();
        }
        try (LedgerProcess up = up("both")) {
            awaitOutput(up, "80.00  GOLD", "balance", "alice");
            awaitOutput(up, "20.00  GOLD", "balance", "bob");
            assertThat(ok(up, "history", "bob")).contains("+12.50  GOLD", "+7.50  GOLD");
            up.terminate();
            up.awaitExit();
        }
    }

    @Test
    void whichOnesIsAskedBeforeAnythingStarts() {
        CommandLineRun run = CommandLineRun.of("up", "--projections", "mongo", "--data-dir", scratch.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--projections").contains("mongo");
    }

    private LedgerProcess up(String projections) throws Exception {
        return LedgerProcess.up(
                        scratch,
                        "--data-dir",
                        scratch.resolve("data").toString(),
                        "--shards",
                        "2",
                        "--projections",
                        projections)
                .awaitReady();
    }

    /** The stack tells by its own description and by {@code /v1/info} what it serves, and for the rest who would. */
    private static void describes(LedgerProcess up, String runs, String served, String leftOut, String missing)
            throws Exception {
        try (RawApi api = new RawApi(URI.create(up.url()))) {
            JsonNode info = api.get("/v1/info").ok();
            assertThat(info.path("projections").toString()).isEqualTo("[\"" + runs + "\"]");
            assertThat(info.has("postgres")).isEqualTo(runs.equals("postgres"));
            assertThat(info.has("redis")).isEqualTo(runs.equals("redis"));
            JsonNode paths = api.get("/openapi.json").ok().path("paths");
            assertThat(paths.has(served)).isTrue();
            assertThat(paths.has(leftOut)).isFalse();
            RawApi.Answer answer = api.get(leftOut.replace("{account}", "alice"));
            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.json().path("code").asText()).isEqualTo("PROJECTION_NOT_RUNNING");
            assertThat(answer.json().path("projection").asText()).isEqualTo(missing);
            RawApi.Answer unknown = api.get("/v1/nothing");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.json().has("code")).isFalse();
        }
    }

    private static void refused(LedgerProcess up, String service, String... arguments) throws Exception {
        CommandLineRun run = run(up, arguments);
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("ledger: PROJECTION_NOT_RUNNING: ")
                        .contains("is served by " + service)
                        .contains("--projections both"));
    }

    private static String ok(LedgerProcess up, String... arguments) throws Exception {
        CommandLineRun run = run(up, arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run.out();
    }

    private static CommandLineRun run(LedgerProcess up, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", up.url()));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private static void awaitOutput(LedgerProcess up, String wanted, String... arguments) throws Exception {
        long deadlineNanos = System.nanoTime() + SETTLE_MAX.toNanos();
        CommandLineRun run = run(up, arguments);
        while (!run.out().contains(wanted)) {
            assertThat(System.nanoTime()).as(run.toString()).isLessThan(deadlineNanos);
            run = run(up, arguments);
        }
    }
}
