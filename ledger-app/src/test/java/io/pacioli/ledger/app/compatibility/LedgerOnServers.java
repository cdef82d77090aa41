package io.pacioli.ledger.app.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.CommandLineRun;
import io.pacioli.ledger.app.stack.LedgerProcess;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.processor.ProcessorSettings;
import io.pacioli.ledger.processor.RebuiltState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Servers of its own, and on them each service in a process, with the settings that recorded ledgers have. */
final class LedgerOnServers implements AutoCloseable {
    static final int SHARDS = 3;
    static final String STATE_TOPIC = RebuiltState.topic(ProcessorSettings.applicationId(Topics.DEFAULT));

    private static final Duration READY_MAX = Duration.ofMinutes(4);
    private static final Duration OUTCOME_MAX = Duration.ofMinutes(2);
    private static final int IN_FLIGHT_MAX = 1_000;

    /** Ids are remembered for longer than a recording is kept, or it could not be told that they are. */
    private static final String WINDOW = "36500d";

    private final Path scratch;
    private final EmbeddedKafka kafka;
    private final EmbeddedRedis redis;
    private final EmbeddedPostgres postgres;
    private final List<LedgerProcess> services = new ArrayList<>();

    LedgerOnServers(Path scratch) {
        this.scratch = scratch;
        kafka = EmbeddedKafka.start(ServerConfig.fresh());
        redis = EmbeddedRedis.start(ServerConfig.fresh());
        postgres = EmbeddedPostgres.start(ServerConfig.fresh());
    }

    Path key() {
        return scratch.resolve("checkpoint-key.pem");
    }

    Path publicKey() {
        return scratch.resolve("checkpoint-public-key.pem");
    }

    Map<String, String> kafka() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    String redis() {
        return redis.uri();
    }

    EmbeddedPostgres postgres() {
        return postgres;
    }

    LedgerClient client() {
        return LedgerClient.connect(new LedgerClientSettings(kafka(), Topics.DEFAULT, OUTCOME_MAX, IN_FLIGHT_MAX));
    }

    /** Starts the services and waits until all are ready. */
    void startServices() throws IOException, InterruptedException {
        for (String name : List.of("processor", "projection-redis", "projection-postgres", "notary")) {
            services.add(LedgerProcess.start(scratch, environment(), List.of(name)));
        }
        long deadlineNanos = System.nanoTime() + READY_MAX.toNanos();
        for (LedgerProcess service : services) {
            String url = service.awaitOutput("listens at").url();
            while (CommandLineRun.of("health", "--ready", "--url", url).code() != 0) {
                assertThat(System.nanoTime()).as(service.output()).isLessThan(deadlineNanos);
            }
        }
    }

    void stopServices() throws IOException, InterruptedException {
        services.forEach(LedgerProcess::terminate);
        for (LedgerProcess service : services) {
            service.awaitExit();
        }
        services.clear();
    }

    /** What a command of the command line says that must succeed. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", kafka.bootstrapServers()));
        try (LedgerProcess process = LedgerProcess.start(scratch, environment(), all)) {
            assertThat(process.awaitExit()).as(process.output()).isZero();
            return process.output();
        }
    }

    private Map<String, String> environment() {
        return Map.ofEntries(
                Map.entry("LEDGER_BOOTSTRAP_SERVERS", kafka.bootstrapServers()),
                Map.entry("LEDGER_HTTP_PORT", "0"),
                Map.entry("LEDGER_SHARDS", Integer.toString(SHARDS)),
                Map.entry("LEDGER_STATE_DIR", scratch.resolve("state").toString()),
                Map.entry("LEDGER_IDEMPOTENCY_WINDOW", WINDOW),
                Map.entry("LEDGER_REDIS_URI", redis.uri()),
                Map.entry("LEDGER_POSTGRES_URL", postgres.jdbcUrl()),
                Map.entry("LEDGER_POSTGRES_USER", postgres.username()),
                Map.entry("LEDGER_POSTGRES_PASSWORD", postgres.password()),
                Map.entry("LEDGER_CHECKPOINT_KEY_FILE", key().toString()),
                Map.entry("LEDGER_CHECKPOINT_PUBLIC_KEY_FILE", publicKey().toString()),
                Map.entry("LEDGER_CHECKPOINT_INTERVAL", "1s"));
    }

    /** Where a recording keeps its keys, from or into this ledger. */
    void copyKeys(Path from, Path to) throws IOException {
        for (Path key : List.of(key(), publicKey())) {
            Files.copy(from.resolve(String.valueOf(key.getFileName())), to.resolve(String.valueOf(key.getFileName())));
        }
    }

    @Override
    public void close() {
        services.forEach(LedgerProcess::close);
        postgres.close();
        redis.close();
        kafka.close();
    }
}
