package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.app.CommandLineRun;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each service in a process of its own, configured by variables as in a container. */
final class ServicesIT {
    private static final Duration WAIT_MAX = Duration.ofMinutes(2);

    @TempDir
    private Path scratch = Path.of("");

    /** Whoever has the public key verifies what was signed by the other. */
    private void notary(EmbeddedKafka kafka) throws Exception {
        Path key = scratch.resolve("key.pem");
        Path publicKey = scratch.resolve("public.pem");
        SigningKey.createIfMissing(key, publicKey);
        Map<String, String> keys = Map.of(
                "LEDGER_CHECKPOINT_KEY_FILE",
                key.toString(),
                "LEDGER_CHECKPOINT_PUBLIC_KEY_FILE",
                publicKey.toString(),
                "LEDGER_CHECKPOINT_INTERVAL",
                "1s");
        try (LedgerProcess notary = service(kafka, "notary", keys)) {
            String url = notary.awaitOutput("listens at").url();
            awaitOk("is ready", "health", "--ready", "--url", url);
            awaitOk(
                    "\"uncovered\":0",
                    "audit",
                    "--json",
                    "--bootstrap-servers",
                    kafka.bootstrapServers(),
                    "--public-key",
                    publicKey.toString());
            notary.terminate();
            notary.awaitExit();
        }
    }

    @Test
    void separateServicesMakeALedger() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(ServerConfig.fresh());
                EmbeddedPostgres postgres = EmbeddedPostgres.start(ServerConfig.fresh());
                EmbeddedRedis redis = EmbeddedRedis.start(ServerConfig.fresh());
                LedgerProcess balances = service(kafka, "projection-redis", Map.of("LEDGER_REDIS_URI", redis.uri()));
                LedgerProcess history = service(kafka, "projection-postgres", postgres(postgres));
                LedgerProcess gateway = service(kafka, "gateway", Map.of())) {
            // Before there is a processor, and with it the topics, they wait, say so, and live.
            balances.awaitOutput("waiting for the ledger's topics");
            gateway.awaitOutput("listens at");
            assertThat(CommandLineRun.of("health", "--url", gateway.url()).code())
                    .isZero();
            assertThat(CommandLineRun.of("health", "--ready", "--url", gateway.url())
                            .code())
                    .isEqualTo(1);
            try (LedgerProcess processor = service(
                    kafka,
                    "processor",
                    Map.of(
                            "LEDGER_SHARDS",
                            "2",
                            "LEDGER_STATE_DIR",
                            scratch.resolve("state").toString()))) {
                for (LedgerProcess process : List.of(processor, gateway, balances, history)) {
                    awaitOk(
                            "is ready",
                            "health",
                            "--ready",
                            "--url",
                            process.awaitOutput("listens at").url());
                }
                awaitOk("POINTS defined", "define-asset", "POINTS", "--decimals=0", "--url", gateway.url());
                awaitOk("\"supply\" : \"0\"", "assets", "--json", "--url", balances.url());
                // Each service has its own part of the API.
                assertThat(CommandLineRun.of("mint", "alice", "7", "POINTS", "--url", gateway.url())
                                .err())
                        .contains("that service does not serve it");
                String all = String.join(",", gateway.url(), balances.url(), history.url());
                awaitOk("7 POINTS minted", "mint", "alice", "7", "POINTS", "--id", "mint-1", "--url", all);
                awaitOk("7  POINTS", "balance", "alice", "--url", balances.url());
                awaitOk("\"commandId\" : \"mint-1\"", "history", "alice", "--json", "--url", history.url());
                awaitOk("+7  POINTS", "history", "alice", "--url", all);
                // One that is not there is missed only by what it would serve; history has another source of decimals.
                String withoutBalances = String.join(",", "http://127.0.0.1:1", gateway.url(), history.url());
                awaitOk("+7  POINTS", "history", "alice", "--url", withoutBalances);
                assertThat(CommandLineRun.of("balance", "alice", "--url", withoutBalances)
                                .err())
                        .contains("nobody answers at http://127.0.0.1:1");
                notary(kafka);
                processor.terminate();
                processor.awaitExit();
                assertThat(processor.output()).contains("Stopping processor");
            }
        }
    }

    private LedgerProcess service(EmbeddedKafka kafka, String name, Map<String, String> environment)
            throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("LEDGER_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        all.put("LEDGER_HTTP_PORT", "0");
        return LedgerProcess.start(scratch, all, List.of(name));
    }

    private Map<String, String> postgres(EmbeddedPostgres postgres) throws IOException {
        Path password = Files.writeString(scratch.resolve("password"), postgres.password() + "\n");
        return Map.of(
                "LEDGER_POSTGRES_URL", postgres.jdbcUrl(),
                "LEDGER_POSTGRES_USER", postgres.username(),
                "LEDGER_POSTGRES_PASSWORD_FILE", password.toString());
    }

    private static void awaitOk(String wanted, String... arguments) {
        long deadlineNanos = System.nanoTime() + WAIT_MAX.toNanos();
        CommandLineRun run = CommandLineRun.of(arguments);
        while (run.code() != 0 || !run.out().contains(wanted)) {
            assertThat(System.nanoTime()).as(run.toString()).isLessThan(deadlineNanos);
            run = CommandLineRun.of(arguments);
        }
    }
}
