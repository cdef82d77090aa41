package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.Ledger;
import io.pacioli.ledger.app.chaos.Fault.Kind;
import io.pacioli.ledger.app.chaos.Fault.Role;
import io.pacioli.ledger.app.chaos.Fault.Victim;
import io.pacioli.ledger.embedded.DataDirectory;
import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.EmbeddedServer;
import io.pacioli.ledger.embedded.EmbeddedService;
import io.pacioli.ledger.embedded.KafkaQuorum;
import io.pacioli.ledger.embedded.LoopbackPort;
import io.pacioli.ledger.embedded.Place;
import io.pacioli.ledger.embedded.ServerConfig;
import io.pacioli.ledger.testkit.redis.RespConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A ledger of separate processes on one machine: everything that a fault may happen to. */
final class ChaosStack implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChaosStack.class);
    private static final int BROKER_MEGABYTES = 512;
    private static final int PROCESSOR_MEGABYTES = 512;
    private static final int SERVICE_MEGABYTES = 256;
    /** All share one small machine: fewer and larger transactions than by default leave more of it for the load. */
    private static final String COMMIT_INTERVAL = "100ms";

    /**
     * Many JVMs share the machine, and are started again and again: the quick compiler alone makes each of them work well within a
     * second or two, and what the other one would gain later is less than what it costs until then.
     */
    private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1");

    private static final List<String> QUICK_AND_SMALL =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders");

    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final Duration LOOK_MAX = Duration.ofSeconds(15);
    private static final Duration STOP_MAX = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BATCH_MAX = Duration.ofSeconds(10);
    private static final Victim REDIS = new Victim(Role.REDIS, 1);
    private static final Victim POSTGRES = new Victim(Role.POSTGRES, 1);
    private static final String WAITING =
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger.balances'::regclass";

    /** Who may do everything in PostgreSQL. */
    static final String POSTGRES_USER = "ledger";

    static final String POSTGRES_PASSWORD = "ledger";
    private static final String CALL_TIMEOUT_MILLIS = "5000";
    private static final long CALL_SECONDS_MAX = 10;

    private final Path directory;
    private final int shards;
    private final Map<Kind, String> notTried = new EnumMap<>(Kind.class);
    private final @Nullable ChaosNetwork network;
    private final @Nullable ChaosDisk disk;
    private final KafkaQuorum quorum;
    private final Map<Victim, Node> nodes = new HashMap<>();
    private final Map<Victim, URI> addresses = new HashMap<>();
    private final int redisPort = LoopbackPort.free();
    private final int postgresPort = LoopbackPort.free();
    private final Http http = new Http(Duration.ofSeconds(2));
    private @Nullable Admin admin;

    /** Prepares everything and starts nothing. */
    ChaosStack(Path directory, int shards) {
        this.directory = directory;
        this.shards = shards;
        network = attempt(Kind.CUT_OFF, () -> ChaosNetwork.create(Victim.all()));
        disk = attempt(Kind.FILL_DISK, () -> ChaosDisk.create(directory));
        quorum = new KafkaQuorum(Victim.all(Role.BROKER).stream()
                .map(broker -> KafkaQuorum.Member.in(place(broker), broker.number()))
                .toList());
        for (Victim victim : Victim.all()) {
            nodes.put(victim, new Node(victim, () -> start(victim)));
            if (victim.role().isService()) {
                addresses.put(victim, URI.create("http://" + place(victim).host() + ":" + LoopbackPort.free()));
            }
        }
    }

    private Place place(Victim victim) {
        return network == null ? Place.LOCAL : network.place(victim);
    }

    private <T> @Nullable T attempt(Kind kind, Supplier<T> making) {
        try {
            return making.get();
        } catch (CommandFailure e) {
            notTried.put(kind, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private EmbeddedServer start(Victim victim) {
        return switch (victim.role()) {
            case BROKER -> broker(victim);
            case REDIS -> EmbeddedRedis.start(config(victim).withPort(redisPort));
            case POSTGRES -> postgres(victim);
            case PROCESSOR, BALANCES, HISTORY, GATEWAY -> service(victim);
        };
    }

    private ServerConfig config(Victim victim) {
        return config(directory, victim);
    }

    private ServerConfig config(Path parent, Victim victim) {
        return ServerConfig.in(parent.resolve(victim.name()))
                .withStartTimeout(START_MAX)
                .at(place(victim));
    }

    private EmbeddedServer broker(Victim victim) {
        KafkaQuorum.Member member = quorum.members().get(victim.number() - 1);
        return EmbeddedKafka.start(
                config(victim).withHeapMegabytes(BROKER_MEGABYTES).withJvmOptions(QUICK), quorum, member);
    }

    private EmbeddedServer postgres(Victim victim) {
        Path parent = disk == null ? directory : disk.mount();
        return EmbeddedPostgres.start(
                config(parent, victim).withPort(postgresPort).withSetting("max_wal_size", "512MB"));
    }

    private EmbeddedServer service(Victim victim) {
        URI address = address(victim);
        List<String> arguments = new ArrayList<>(List.of(
                victim.role().title(),
                "--bootstrap-servers",
                quorum.bootstrapServers(),
                "--http-host",
                address.getHost(),
                "--http-port",
                Integer.toString(address.getPort())));
        Map<String, String> environment = new HashMap<>();
        switch (victim.role()) {
            case PROCESSOR ->
                arguments.addAll(List.of(
                        "--shards",
                        Integer.toString(shards),
                        "--replication-factor",
                        Integer.toString(Role.BROKER.count()),
                        "--standby-replicas",
                        "1",
                        "--commit-interval",
                        COMMIT_INTERVAL,
                        "--state-dir",
                        directory.resolve(victim.name()).resolve("state").toString()));
            case BALANCES -> environment.put("LEDGER_REDIS_URI", redisUri());
            case HISTORY -> {
                arguments.addAll(List.of("--postgres-url", postgresUrl()));
                environment.put("LEDGER_POSTGRES_PASSWORD", POSTGRES_PASSWORD);
            }
            case GATEWAY, BROKER, REDIS, POSTGRES -> {}
        }
        int megabytes = victim.role() == Role.PROCESSOR ? PROCESSOR_MEGABYTES : SERVICE_MEGABYTES;
        return EmbeddedService.start(
                config(victim)
                        .withPort(address.getPort())
                        .withHeapMegabytes(megabytes)
                        .withJvmOptions(QUICK_AND_SMALL),
                new EmbeddedService.Program(victim.name(), Ledger.class.getName(), arguments, environment));
    }

    /**
     * Starts all, and waits until all are ready.
     *
     * @throws CommandFailure when they are not in time
     */
    void start(Consumer<String> saying) {
        saying.accept("Starting 3 brokers, Redis and PostgreSQL");
        startAll(List.of(Role.BROKER, Role.REDIS, Role.POSTGRES));
        saying.accept("Starting 2 processors, 4 projectors and the gateway");
        startAll(List.of(Role.PROCESSOR, Role.BALANCES, Role.HISTORY, Role.GATEWAY));
        if (!await(START_MAX, this::isWhole)) {
            throw new CommandFailure("not ready within " + START_MAX.toSeconds() + " s: " + notReady());
        }
    }

    private void startAll(List<Role> roles) {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("chaos-start-", 0).factory())) {
            List<CompletableFuture<Void>> starting = nodes.values().stream()
                    .filter(node -> roles.contains(node.victim().role()))
                    .map(node -> CompletableFuture.runAsync(node::start, threads))
                    .toList();
            CompletableFuture.allOf(starting.toArray(CompletableFuture<?>[]::new))
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }

    /** Kinds of faults that this machine does not let us do, and why. */
    Map<Kind, String> notTried() {
        return Map.copyOf(notTried);
    }

    Node node(Victim victim) {
        Node node = nodes.get(victim);
        if (node == null) {
            throw new IllegalArgumentException("there is no " + victim.name());
        }
        return node;
    }

    List<Node> nodes() {
        return List.copyOf(nodes.values());
    }

    /** Where a service listens. */
    URI address(Victim victim) {
        URI address = addresses.get(victim);
        if (address == null) {
            throw new IllegalArgumentException(victim.name() + " has no API");
        }
        return address;
    }

    /** Where all services of a role listen. */
    List<URI> addresses(Role role) {
        return Victim.all(role).stream().map(this::address).toList();
    }

    Map<String, String> kafka() {
        return Map.of("bootstrap.servers", quorum.bootstrapServers());
    }

    String redisUri() {
        return "redis://" + place(REDIS).host() + ":" + redisPort;
    }

    /** Redis forgets all that it has in memory. */
    void flushRedis() {
        try (RespConnection redis = new RespConnection(place(REDIS).host(), redisPort)) {
            redis.call("FLUSHALL");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String postgresUrl() {
        return "jdbc:postgresql://" + place(POSTGRES).host() + ":" + postgresPort + "/ledger";
    }

    /**
     * Does something while a projector has written part of a batch to PostgreSQL and cannot write the rest.
     *
     * @throws IllegalStateException when there is no batch for a while
     */
    void amidBatch(Runnable action) {
        try (Connection connection = DriverManager.getConnection(postgresUrl(), POSTGRES_USER, POSTGRES_PASSWORD);
                Statement sql = connection.createStatement()) {
            connection.setAutoCommit(false);
            // Holdings are what a batch writes after its entries and postings.
            sql.execute("LOCK TABLE ledger.balances IN SHARE MODE");
            if (!await(BATCH_MAX, () -> isWaitedFor(sql))) {
                throw new IllegalStateException("no projector wrote a batch");
            }
            action.run();
        } catch (SQLException e) {
            // The connection ends with the server.
            LOG.debug("The connection to PostgreSQL has ended", e);
        }
    }

    private static boolean isWaitedFor(Statement sql) {
        try (ResultSet waiting = sql.executeQuery(WAITING)) {
            return waiting.next() && waiting.getLong(1) > 0;
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL does not answer", e);
        }
    }

    /** Deletes what Redis has on its disk; it must not run. */
    void wipeRedis() {
        try {
            DataDirectory.delete(directory.resolve(REDIS.name()).resolve("data"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ChaosNetwork network() {
        if (network == null) {
            throw new IllegalStateException("there is no network to cut");
        }
        return network;
    }

    ChaosDisk disk() {
        if (disk == null) {
            throw new IllegalStateException("there is no disk to fill");
        }
        return disk;
    }

    /** Whether every process runs and is ready, and every partition has all its replicas. */
    boolean isWhole() {
        return notReady().isEmpty() && isReplicated();
    }

    /** The names of processes that do not run or are not ready. */
    List<String> notReady() {
        return nodes.values().stream()
                .filter(node -> !isReady(node))
                .map(Node::name)
                .sorted()
                .toList();
    }

    /** Whether it runs and is ready. */
    boolean isReady(Node node) {
        URI address = addresses.get(node.victim());
        return node.isAlive() && (address == null || http.status(address.resolve("/readyz")) == Http.OK);
    }

    /** Whether every partition has all its replicas. */
    boolean isReplicated() {
        try {
            List<String> topics = List.copyOf(get(admin().listTopics().names()));
            return !topics.isEmpty()
                    && get(admin().describeTopics(topics).allTopicNames()).values().stream()
                            .flatMap(topic -> topic.partitions().stream())
                            .allMatch(ChaosStack::isReplicated);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized Admin admin() {
        Admin known = admin;
        if (known == null) {
            Map<String, Object> properties = new HashMap<>(kafka());
            properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_TIMEOUT_MILLIS);
            properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, CALL_TIMEOUT_MILLIS);
            known = Admin.create(properties);
            admin = known;
        }
        return known;
    }

    private static boolean isReplicated(TopicPartitionInfo partition) {
        return partition.leader() != null
                && partition.isr().size() == partition.replicas().size();
    }

    private static <T> T get(KafkaFuture<T> future) throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(CALL_SECONDS_MAX, TimeUnit.SECONDS);
    }

    /**
     * Waits; whether it came true. While the whole machine is asleep, or this process is stopped, no time passes: nobody else could have
     * done anything either.
     */
    static boolean await(Duration max, BooleanSupplier condition) {
        long leftNanos = max.toNanos();
        long lookedNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            long nowNanos = System.nanoTime();
            leftNanos -= Math.min(nowNanos - lookedNanos, LOOK_MAX.toNanos());
            lookedNanos = nowNanos;
            if (leftNanos < 0) {
                return false;
            }
            try {
                Thread.sleep(POLL);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Stops all at once, and takes network and disk away. */
    @Override
    public void close() {
        http.close();
        synchronized (this) {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("chaos-stop-", 0).factory());
        nodes.values().forEach(node -> threads.execute(node::close));
        threads.shutdown();
        try {
            // One that is just being started is not waited for: it ends with this process.
            if (!threads.awaitTermination(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (disk != null) {
            disk.close();
        }
        if (network != null) {
            network.close();
        }
    }
}
