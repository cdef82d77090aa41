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
    private static final Duration START_MAX = Duration.ofMinutes(2);
    private static final Duration LOOK_MAX = Duration.ofSeconds(15);
    private static final Duration STOP_MAX = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BATCH_MAX = Duration.ofSeconds(10);
    private static final Victim REDIS = new Victim(Role.REDIS, 1);
    private static final Victim POSTGRES = new Victim(Role.POSTGRES, 1);
    private static final String REDIS_MEMORY = "used_memory:";
    private static final String WAITING =
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'ledger.balances'::regclass";

    /** Who may do everything in PostgreSQL. */
    static final String POSTGRES_USER = "ledger";

    static final String POSTGRES_PASSWORD = "ledger";
    private static final String CALL_TIMEOUT_MILLIS = "5000";
    private static final long CALL_SECONDS_MAX = 10;

    private final Path directory;
    private final StackShape shape;
    private final Map<Kind, String> notTried = new EnumMap<>(Kind.class);
    private final @Nullable ChaosNetwork network;
    private final @Nullable ChaosDisk disk;
    private final @Nullable KafkaQuorum quorum;
    private final Map<Victim, Node> nodes = new HashMap<>();
    private final Map<Victim, URI> addresses = new HashMap<>();
    private final int brokerPort = LoopbackPort.free();
    private final int redisPort = LoopbackPort.free();
    private final int postgresPort = LoopbackPort.free();
    private final Http http = new Http(Duration.ofSeconds(2));
    private @Nullable Admin admin;

    /** Prepares everything and starts nothing. */
    ChaosStack(Path directory, StackShape shape) {
        this.directory = directory;
        this.shape = shape;
        network = shape.hurt() ? attempt(Kind.CUT_OFF, () -> ChaosNetwork.create(shape.processes())) : null;
        disk = shape.hurt() ? attempt(Kind.FILL_DISK, () -> ChaosDisk.create(directory)) : null;
        List<Victim> brokers = shape.all(Role.BROKER);
        quorum = brokers.size() == 1
                ? null
                : new KafkaQuorum(brokers.stream()
                        .map(broker -> KafkaQuorum.Member.in(place(broker), broker.number()))
                        .toList());
        for (Victim victim : shape.processes()) {
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
        ServerConfig config = config(victim)
                .withHeapMegabytes(shape.heapMegabytes(Role.BROKER))
                .withJvmOptions(shape.jvmOptions(Role.BROKER));
        return quorum == null
                ? EmbeddedKafka.start(config.withPort(brokerPort))
                : EmbeddedKafka.start(config, quorum, quorum.members().get(victim.number() - 1));
    }

    private String bootstrapServers() {
        return quorum == null ? place(new Victim(Role.BROKER, 1)).host() + ":" + brokerPort : quorum.bootstrapServers();
    }

    private EmbeddedServer postgres(Victim victim) {
        Path parent = disk == null ? directory : disk.mount();
        ServerConfig config = config(parent, victim).withPort(postgresPort);
        // Its disk is small where it is going to be filled.
        return EmbeddedPostgres.start(disk == null ? config : config.withSetting("max_wal_size", "512MB"));
    }

    private EmbeddedServer service(Victim victim) {
        URI address = address(victim);
        List<String> arguments = new ArrayList<>(List.of(
                victim.role().title(),
                "--bootstrap-servers",
                bootstrapServers(),
                "--http-host",
                address.getHost(),
                "--http-port",
                Integer.toString(address.getPort())));
        Map<String, String> environment = new HashMap<>();
        switch (victim.role()) {
            case PROCESSOR -> arguments.addAll(processor(victim));
            case BALANCES -> environment.put("LEDGER_REDIS_URI", redisUri());
            case HISTORY -> {
                arguments.addAll(List.of("--postgres-url", postgresUrl()));
                environment.put("LEDGER_POSTGRES_PASSWORD", POSTGRES_PASSWORD);
            }
            case GATEWAY, BROKER, REDIS, POSTGRES -> {}
        }
        return EmbeddedService.start(
                config(victim)
                        .withPort(address.getPort())
                        .withHeapMegabytes(shape.heapMegabytes(victim.role()))
                        .withJvmOptions(shape.jvmOptions(victim.role())),
                new EmbeddedService.Program(victim.name(), Ledger.class.getName(), arguments, environment));
    }

    private List<String> processor(Victim victim) {
        return List.of(
                "--shards",
                Integer.toString(shape.shards()),
                "--replication-factor",
                Integer.toString(shape.all(Role.BROKER).size()),
                "--standby-replicas",
                Integer.toString(shape.all(Role.PROCESSOR).size() - 1),
                "--commit-interval",
                shape.commitInterval().toMillis() + "ms",
                "--state-dir",
                stateDirectory(victim).toString());
    }

    /** Where a processor keeps its state. */
    Path stateDirectory(Victim processor) {
        return directory.resolve(processor.name()).resolve("state");
    }

    /**
     * Starts all, and waits until all are ready.
     *
     * @throws CommandFailure when they are not in time
     */
    void start(Consumer<String> saying) {
        saying.accept("Starting " + count(Role.BROKER, "broker") + ", Redis and PostgreSQL");
        startAll(List.of(Role.BROKER, Role.REDIS, Role.POSTGRES));
        saying.accept("Starting " + count(Role.PROCESSOR, "processor") + ", " + count(Role.BALANCES, "projector")
                + " of each kind and the gateway");
        startAll(List.of(Role.PROCESSOR, Role.BALANCES, Role.HISTORY, Role.GATEWAY));
        if (!await(START_MAX, this::isWhole)) {
            throw new CommandFailure("not ready within " + START_MAX.toSeconds() + " s: " + notReady());
        }
    }

    private String count(Role role, String name) {
        int count = shape.all(role).size();
        return count + " " + name + (count == 1 ? "" : "s");
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

    /** Which processes there are. */
    StackShape shape() {
        return shape;
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
        return shape.all(role).stream().map(this::address).toList();
    }

    Map<String, String> kafka() {
        return Map.of("bootstrap.servers", bootstrapServers());
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

    /** All memory that Redis has taken for what it holds. */
    long redisBytes() {
        try (RespConnection redis = new RespConnection(place(REDIS).host(), redisPort)) {
            return redis.call("INFO", "memory")
                    .lines()
                    .filter(line -> line.startsWith(REDIS_MEMORY))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(REDIS_MEMORY.length()).strip()))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many accounts PostgreSQL has; 0 when it does not answer. */
    long accounts() {
        try (Connection connection = DriverManager.getConnection(postgresUrl(), POSTGRES_USER, POSTGRES_PASSWORD);
                Statement sql = connection.createStatement();
                ResultSet count = sql.executeQuery("SELECT count(*) FROM ledger.accounts")) {
            return count.next() ? count.getLong(1) : 0;
        } catch (SQLException e) {
            LOG.debug("PostgreSQL does not answer", e);
            return 0;
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
