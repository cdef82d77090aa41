package io.pacioli.ledger.app.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.CommandLineRun;
import io.pacioli.ledger.core.Amount;
import io.pacioli.ledger.core.Asset;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every service in a process of its own, started before anything is there that it needs, and stopped while it is at work. */
final class StartOrderIT {
    private static final Duration READY_MAX = Duration.ofMinutes(3);
    private static final Duration STOP_MAX = Duration.ofSeconds(10);
    private static final Duration OUTCOME_MAX = Duration.ofMinutes(2);
    private static final int SIGTERM = 128 + 15;
    private static final int COMMANDS_EACH = 300;

    /** A service that waits says so now and then, and not at every attempt. */
    private static final int LINES_MAX = 40;

    @TempDir
    private Path scratch = Path.of("");

    private final Map<String, LedgerProcess> services = new LinkedHashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<Command, CompletableFuture<Outcome>> sent = new LinkedHashMap<>();

    @AfterEach
    void end() {
        services.values().forEach(LedgerProcess::close);
    }

    @Test
    void startsInAnyOrderAndStopsAtAnyMoment() throws Exception {
        int kafkaPort = freePort();
        int redisPort = freePort();
        int postgresPort = prepare(kafkaPort, redisPort);
        startAll();
        service("processor").awaitOutput("processor is not up yet: waiting for Kafka at 127.0.0.1:" + kafkaPort);
        service("gateway").awaitOutput("gateway is not up yet: waiting for Kafka at 127.0.0.1:" + kafkaPort);
        for (String name : new String[] {"projection-redis", "projection-postgres", "notary", "auditor"}) {
            service(name)
                    .awaitOutput("topics is not up yet: waiting for the ledger's topics at 127.0.0.1:" + kafkaPort);
        }
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(ServerConfig.in(scratch.resolve("kafka")).withPort(kafkaPort))) {
            awaitReady("processor");
            awaitReady("gateway");
            service("projection-redis").awaitOutput("projection-redis/store is not up yet: ");
            service("projection-postgres").awaitOutput("projection-postgres/projector is not up yet: ");
            for (LedgerProcess service : services.values()) {
                assertThat(service.output().lines()).hasSizeLessThan(LINES_MAX);
            }
            try (EmbeddedRedis redis = EmbeddedRedis.start(
                            ServerConfig.in(scratch.resolve("redis")).withPort(redisPort));
                    EmbeddedPostgres postgres = EmbeddedPostgres.start(
                            ServerConfig.in(scratch.resolve("postgres")).withPort(postgresPort))) {
                for (String name : services.keySet()) {
                    awaitReady(name);
                }
                stopEachUnderLoad(kafka);
                audit(kafka, redis, postgres);
            }
        }
    }

    /** Returns the port of a database that is stopped again: its password is made with it. */
    private int prepare(int kafkaPort, int redisPort) throws IOException {
        Path key = scratch.resolve("key.pem");
        Path open = scratch.resolve("public.pem");
        SigningKey.createIfMissing(key, open);
        environment.put("LEDGER_BOOTSTRAP_SERVERS", "127.0.0.1:" + kafkaPort);
        environment.put("LEDGER_HTTP_PORT", "0");
        environment.put("LEDGER_SHARDS", "2");
        environment.put("LEDGER_STATE_DIR", scratch.resolve("state").toString());
        environment.put("LEDGER_REDIS_URI", "redis://127.0.0.1:" + redisPort);
        environment.put("LEDGER_CHECKPOINT_KEY_FILE", key.toString());
        environment.put("LEDGER_CHECKPOINT_PUBLIC_KEY_FILE", open.toString());
        environment.put("LEDGER_CHECKPOINT_INTERVAL", "1s");
        environment.put("LEDGER_AUDIT_INTERVAL", "1s");
        environment.put("LEDGER_AUDIT_STATE", scratch.resolve("audits").toString());
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(ServerConfig.in(scratch.resolve("postgres")))) {
            environment.put("LEDGER_POSTGRES_URL", postgres.jdbcUrl());
            environment.put("LEDGER_POSTGRES_USER", postgres.username());
            environment.put("LEDGER_POSTGRES_PASSWORD", postgres.password());
            return Integer.parseInt(postgres.jdbcUrl().replaceFirst(".*:([0-9]+)/.*", "$1"));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void startAll() throws IOException {
        for (String name :
                new String[] {"projection-redis", "projection-postgres", "auditor", "notary", "gateway", "processor"}) {
            start(name);
        }
    }

    private void start(String name) throws IOException {
        services.put(name, LedgerProcess.start(scratch, environment, List.of(name)));
    }

    private LedgerProcess service(String name) {
        return Objects.requireNonNull(services.get(name));
    }

    private void awaitReady(String name) throws IOException, InterruptedException {
        String url = service(name).awaitOutput("listens at").url();
        long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
        while (CommandLineRun.of("health", "--ready", "--url", url).code() != 0) {
            assertThat(System.nanoTime()).as(service(name).output()).isLessThan(deadlineNanos);
        }
    }

    /** Each is told to stop while commands come in, is gone in time, and goes on when it is started again. */
    private void stopEachUnderLoad(EmbeddedKafka kafka) throws Exception {
        LedgerClientSettings settings = new LedgerClientSettings(
                Map.of("bootstrap.servers", kafka.bootstrapServers()), Topics.DEFAULT, OUTCOME_MAX, 100_000);
        try (LedgerClient client = LedgerClient.connect(settings)) {
            Command define = new Command.DefineAsset(
                    "define", new Asset("GOLD", "Gold", "", "", 2, null), Amount.of(1_000_000), "a0", Map.of());
            assertThat(client.submit(define).get(OUTCOME_MAX.toSeconds(), TimeUnit.SECONDS))
                    .isInstanceOf(Outcome.Accepted.class);
            for (String name : services.keySet().toArray(String[]::new)) {
                LedgerProcess service = service(name);
                send(client, name);
                long startNanos = System.nanoTime();
                service.terminate();
                int code = service.awaitExit();
                assertThat(Duration.ofNanos(System.nanoTime() - startNanos))
                        .as(name)
                        .isLessThan(STOP_MAX);
                assertThat(code).as(service.output()).isEqualTo(SIGTERM);
                start(name);
                awaitReady(name);
            }
            Map<Command, Outcome> first = new HashMap<>();
            for (Map.Entry<Command, CompletableFuture<Outcome>> one : sent.entrySet()) {
                first.put(one.getKey(), outcome(client, one.getKey(), one.getValue()));
            }
            Map<Command, CompletableFuture<Outcome>> again = new HashMap<>();
            first.keySet().forEach(command -> again.put(command, client.submit(command)));
            for (Map.Entry<Command, CompletableFuture<Outcome>> one : again.entrySet()) {
                assertThat(one.getValue().get(OUTCOME_MAX.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(first.get(one.getKey()));
            }
        }
    }

    /** What got no answer is sent again: it was decided once, or it is now. */
    private static Outcome outcome(LedgerClient client, Command command, CompletableFuture<Outcome> first)
            throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return first.get(OUTCOME_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return client.submit(command).get(OUTCOME_MAX.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void send(LedgerClient client, String name) {
        for (int i = 0; i < COMMANDS_EACH; i++) {
            Command transfer = new Command.Transfer(
                    name + "-" + i, "GOLD", "a" + i % 7, "a" + (i + 1) % 7, Amount.of(1 + i), "", Map.of());
            sent.put(transfer, client.submit(transfer));
        }
    }

    private void audit(EmbeddedKafka kafka, EmbeddedRedis redis, EmbeddedPostgres postgres) throws Exception {
        // The URI of Redis and the password are variables, which a command line in this process does not have.
        Map<String, String> own = new HashMap<>(environment);
        // What the auditor keeps is its own: it goes on meanwhile.
        own.remove("LEDGER_AUDIT_STATE");
        LedgerProcess audit = LedgerProcess.start(
                scratch,
                own,
                List.of(
                        "audit",
                        "--bootstrap-servers",
                        kafka.bootstrapServers(),
                        "--public-key",
                        scratch.resolve("public.pem").toString()));
        assertThat(audit.awaitExit()).as(audit.output()).isZero();
        assertThat(audit.output()).containsPattern("(?s)Redis\\n.*all equal.*Postgres\\n.*all equal");
        assertThat(Files.exists(scratch.resolve("audits"))).isTrue();
        assertThat(redis.uri()).isEqualTo(environment.get("LEDGER_REDIS_URI"));
        assertThat(postgres.jdbcUrl()).isEqualTo(environment.get("LEDGER_POSTGRES_URL"));
    }
}
