package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.SigningKey;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.stack.ServiceProcess.ServedLedger;
import io.pacioli.ledger.audit.notary.NotaryService;
import io.pacioli.ledger.audit.notary.NotarySettings;
import io.pacioli.ledger.embedded.DataDirectory;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.gateway.GatewayService;
import io.pacioli.ledger.gateway.GatewaySettings;
import io.pacioli.ledger.processor.ProcessorService;
import io.pacioli.ledger.processor.ProcessorSettings;
import io.pacioli.ledger.projection.postgres.PostgresProjection;
import io.pacioli.ledger.projection.postgres.PostgresSettings;
import io.pacioli.ledger.projection.postgres.ProjectorSettings;
import io.pacioli.ledger.projection.redis.RedisBalances;
import io.pacioli.ledger.projection.redis.RedisProjection;
import io.pacioli.ledger.projection.redis.RedisProjectionSettings;
import io.pacioli.ledger.projection.redis.RedisSettings;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.Service;
import io.pacioli.ledger.service.ServiceGroup;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole ledger on one machine: real Kafka, PostgreSQL and Redis as supervised child processes, all services in this JVM, and one
 * HTTP port. A projection may be left out, with its server. For development, evaluation and tests.
 */
public final class EmbeddedStack implements AutoCloseable {
    /** How the names of fresh directories begin. */
    public static final String FRESH_DIRECTORY_PREFIX = "ledger-demo-";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedStack.class);
    private static final Duration HTTP_CLOSE = Duration.ofSeconds(1);
    private static final Duration SERVICE_CLOSE = Duration.ofSeconds(4);
    private static final Duration POLL = Duration.ofMillis(20);

    /** What to close, the last first. */
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    private final StackSettings settings;
    private final BooleanSupplier cancelled;
    private final DataDirectory directory;
    private final EmbeddedServers servers;
    private final ServedLedger ledger;
    private final Health health = new Health();
    private final @Nullable RedisProjection redisProjection;
    private final Service services;
    private final HttpServer http;

    private EmbeddedStack(StackSettings settings, boolean verbose, BooleanSupplier cancelled, Consumer<String> saying) {
        this.settings = settings;
        this.cancelled = cancelled;
        boolean started = false;
        try {
            Path path = settings.directory();
            directory = own(path == null ? DataDirectory.fresh(FRESH_DIRECTORY_PREFIX) : DataDirectory.open(path));
            own(Logging.toFile(log(), verbose));
            requireFree(settings.httpHost(), settings.httpPort());
            saying.accept("Starting " + listed(Projection::server, "Kafka"));
            servers = own(EmbeddedServers.start(settings, directory.path()));
            saying.accept("Starting " + listed(Projection::service, "the processor", "the notary", "the gateway"));
            ledger = ensureTopics();
            Metrics metrics = own(new Metrics());
            redisProjection = servers.redis()
                    .map(redis -> new RedisProjection(redisSettings(redis), health, metrics))
                    .orElse(null);
            services = own(services(metrics));
            List<HttpModule> modules = new ArrayList<>(services.modules());
            modules.add(info());
            leftOut().map(LeftOutApi::new).forEach(modules::add);
            http = own(HttpServer.start(
                    HttpServer.Settings.ofPort(settings.httpPort())
                            .withHost(settings.httpHost())
                            .withCloseMax(HTTP_CLOSE)
                            .withEdition(ledger.edition()),
                    health,
                    metrics,
                    modules));
            services.start();
            awaitReady();
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /**
     * Starts everything and waits until it is ready; when something does not start, all is stopped again.
     *
     * @param verbose show the log on standard error as well
     * @param cancelled whether to give up starting
     * @param saying hears what is being done, in words for people
     * @throws io.pacioli.ledger.embedded.EmbeddedStartException when the directory is in use or a server cannot start
     * @throws io.pacioli.ledger.service.ServiceException when the HTTP port is taken or a service cannot start
     * @throws io.pacioli.ledger.api.TopicMismatchException when the ledger there has another number of shards
     * @throws CommandFailure when not everything is ready in time
     */
    public static EmbeddedStack start(
            StackSettings settings, boolean verbose, BooleanSupplier cancelled, Consumer<String> saying) {
        return new EmbeddedStack(settings, verbose, cancelled, saying);
    }

    private <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    /** Tells of a taken port before anything slow is started. */
    private static void requireFree(String host, int port) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (BindException e) {
            throw new CommandFailure(
                    "port " + port + " on " + host + " is taken, the HTTP API cannot listen there: choose another with"
                            + " --http-port",
                    e);
        } catch (IOException e) {
            throw new CommandFailure("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
        }
    }

    /** A broker on a busy machine may miss its own bounds at first: it gets as long as everything else. */
    private ServedLedger ensureTopics() {
        long deadlineNanos = System.nanoTime() + settings.readyMax().toNanos();
        while (true) {
            try (Admin admin = Admin.create(Map.copyOf(kafka()))) {
                int made = LedgerTopics.ensure(admin, topics(), new TopicSettings(settings.shards(), (short) 1));
                return ServedLedger.of(made, LedgerTopics.identity(admin, topics()));
            } catch (KafkaException e) {
                if (cancelled.getAsBoolean() || System.nanoTime() - deadlineNanos > 0) {
                    throw new CommandFailure(
                            "Kafka runs and does not make the topics: " + e.getMessage() + " (log: "
                                    + servers.kafka().log() + ")",
                            e);
                }
                LOG.warn("Kafka did not make the topics, trying again", e);
            }
        }
    }

    private Service services(Metrics metrics) {
        ProcessorSettings defaults =
                ProcessorSettings.of(kafka(), topics(), directory.path().resolve("state"));
        ProcessorSettings processor = new ProcessorSettings(
                defaults.kafka(),
                defaults.topics(),
                defaults.topicSettings(),
                defaults.applicationId(),
                defaults.stateDirectory(),
                defaults.threads(),
                settings.commitInterval(),
                defaults.standbyReplicas(),
                defaults.stateMemoryBytes(),
                defaults.accountCache(),
                defaults.idempotencyWindow(),
                defaults.idempotencyEntriesMax(),
                defaults.replyTopics());
        List<Service> all = new ArrayList<>();
        // First, and so the last to stop: it signs what the others have still brought about.
        all.add(new NotaryService(notarySettings(), health, metrics));
        all.add(new ProcessorService(processor, health, metrics));
        if (redisProjection != null) {
            all.add(redisProjection);
        }
        servers.postgres().ifPresent(postgres -> all.add(postgresProjection(postgres, metrics)));
        all.add(new GatewayService(GatewaySettings.of(kafka(), topics()), health, metrics));
        return new ServiceGroup("ledger", all, SERVICE_CLOSE);
    }

    private NotarySettings notarySettings() {
        Path key = directory.path().resolve("checkpoint-key.pem");
        SigningKey.createIfMissing(key, checkpointPublicKey());
        return NotarySettings.of(kafka(), topics(), key, checkpointPublicKey(), settings.checkpoints());
    }

    private PostgresProjection postgresProjection(EmbeddedPostgres postgres, Metrics metrics) {
        return new PostgresProjection(
                kafka(),
                topics(),
                new KafkaRouter(shards()),
                PostgresSettings.of(postgres.jdbcUrl(), postgres.username(), postgres.password()),
                ProjectorSettings.DEFAULT,
                health,
                metrics);
    }

    private RedisProjectionSettings redisSettings(EmbeddedRedis redis) {
        return RedisProjectionSettings.of(kafka(), topics(), new KafkaRouter(shards()), RedisSettings.of(redis.uri()));
    }

    private InfoApi info() {
        return new InfoApi(
                shards(),
                running().map(Projection::text).toList(),
                servers.kafka().bootstrapServers(),
                postgres().map(EmbeddedPostgres::jdbcUrl).orElse(null),
                redis().orElse(null),
                checkpointPublicKey().toString());
    }

    private Stream<Projection> running() {
        return Stream.of(Projection.values()).filter(settings.projections()::contains);
    }

    private Stream<Projection> leftOut() {
        return Stream.of(Projection.values())
                .filter(one -> !settings.projections().contains(one));
    }

    /** What starts, and of the projections what they have of it. */
    private String listed(Function<Projection, String> ofProjection, String... always) {
        List<String> all =
                Stream.concat(Stream.of(always), running().map(ofProjection)).toList();
        return String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
    }

    private void awaitReady() {
        long deadlineNanos = System.nanoTime() + settings.readyMax().toNanos();
        CompletableFuture<String> ended = servers.firstToEnd();
        while (!health.isReady()) {
            if (cancelled.getAsBoolean()) {
                throw new CommandFailure("stopped while starting");
            }
            if (!health.isAlive() || ended.isDone() || System.nanoTime() - deadlineNanos > 0) {
                throw new CommandFailure("not everything became ready: " + (ended.isDone() ? ended.join() : unready())
                        + " (log: " + log() + ")");
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CommandFailure("interrupted while starting", e);
            }
        }
    }

    private String unready() {
        return health.reports().stream()
                .filter(report -> report.status() != Health.Status.UP)
                .map(report -> report.name() + " " + report.detail())
                .collect(Collectors.joining("; "));
    }

    /** Properties for Kafka's clients. */
    public Map<String, String> kafka() {
        return Map.of("bootstrap.servers", servers.kafka().bootstrapServers());
    }

    /** The ledger's topics. */
    public Topics topics() {
        return Topics.DEFAULT;
    }

    /** The address of the HTTP APIs. */
    public URI uri() {
        return http.uri();
    }

    /** The database; empty when its projection is left out. */
    public Optional<EmbeddedPostgres> postgres() {
        return servers.postgres();
    }

    /** The address of Redis; empty when its projection is left out. */
    public Optional<String> redis() {
        return servers.redis().map(EmbeddedRedis::uri);
    }

    /** Reads what Redis holds, past the HTTP API; empty when its projection is left out. */
    public Optional<RedisBalances> balances() {
        return Optional.ofNullable(redisProjection).map(RedisProjection::balances);
    }

    /** The file with the public keys by which the checkpoints of the journal are verified. */
    public Path checkpointPublicKey() {
        return directory.path().resolve("checkpoint-public-key.pem").toAbsolutePath();
    }

    /** The number of shards. */
    public int shards() {
        return ledger.shards();
    }

    /** Where everything is kept. */
    public Path directory() {
        return directory.path();
    }

    /** The file that takes the log of the services. */
    public Path log() {
        return directory.path().resolve("ledger.log");
    }

    /**
     * Waits until this is closed, a service cannot go on or a server has ended.
     *
     * @throws CommandFailure when a server has ended
     * @throws io.pacioli.ledger.service.ServiceException when a service cannot go on
     */
    public void awaitStop() throws InterruptedException {
        CompletableFuture<String> ended = servers.firstToEnd();
        CompletableFuture<?> first =
                CompletableFuture.anyOf(ended, services.stopped().handle((nothing, failure) -> "stopped"));
        String reason = String.valueOf(first.join());
        if (ended.isDone() && !services.stopped().isDone()) {
            throw new CommandFailure(reason);
        }
        services.awaitStop();
    }

    /** Stops the services, then the servers, and releases the directory; a fresh one is deleted. */
    @Override
    public void close() {
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                LOG.warn("Something did not stop cleanly", e);
            }
        }
    }
}
