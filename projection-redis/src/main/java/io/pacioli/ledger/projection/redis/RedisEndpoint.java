package io.pacioli.ledger.projection.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client of one Redis or Redis Cluster, from which connections are made. Thread safe. */
final class RedisEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisEndpoint.class);
    private static final Duration RECONNECT_MIN = Duration.ofMillis(50);
    private static final Duration RECONNECT_MAX = Duration.ofSeconds(1);
    private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(30);

    /** Between two looks at the cluster because commands fail or are redirected. */
    private static final Duration TOPOLOGY_REFRESH_MIN = Duration.ofMillis(500);

    private static final int THREADS = 2;
    private static final long CLOSE_SECONDS_MAX = 2;

    private final RedisSettings settings;
    private final ClientResources resources;
    private final AbstractRedisClient client;
    private final List<RedisLink> links = new CopyOnWriteArrayList<>();
    private final AtomicLong lookedAtNanos = new AtomicLong(System.nanoTime());

    RedisEndpoint(RedisSettings settings) {
        this.settings = settings;
        this.resources = ClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .reconnectDelay(Delay.exponential(RECONNECT_MIN, RECONNECT_MAX, 2, TimeUnit.MILLISECONDS))
                .build();
        this.client = settings.cluster() ? cluster() : single();
    }

    /** A connection of its own, made when it is first used. */
    RedisLink link() {
        RedisLink link = switch (client) {
            case RedisClient single -> new RedisLink(() -> connect(single), this::connectAnew, settings.timeout());
            case RedisClusterClient cluster ->
                new RedisLink(() -> connect(cluster), () -> lookAgain(cluster), settings.timeout());
            default -> throw new IllegalStateException("unknown client: " + client.getClass());
        };
        links.add(link);
        return link;
    }

    /**
     * Makes all connections anew: one to a server that hangs, or has become a replica, may stay as it is for a long time, while
     * Sentinel, or the name in the URI, leads to another server by now. Who only reads does not notice, so that all go together.
     */
    private void connectAnew() {
        LOG.info("Redis hangs or has become a replica: connecting anew");
        links.forEach(RedisLink::renew);
    }

    /** Looks who serves a shard now: a node that hangs may have been replaced. */
    @SuppressWarnings("FutureReturnValueIgnored") // whoever asks next sees what came of it
    private void lookAgain(RedisClusterClient cluster) {
        long last = lookedAtNanos.get();
        long now = System.nanoTime();
        if (now - last >= TOPOLOGY_REFRESH_MIN.toNanos() && lookedAtNanos.compareAndSet(last, now)) {
            cluster.refreshPartitionsAsync();
        }
    }

    private static RedisLink.Connection connect(RedisClient client) {
        StatefulRedisConnection<String, String> made = client.connect(StringCodec.UTF8);
        return new RedisLink.Connection(made.async(), made);
    }

    /**
     * Connects to all masters at once, to those that can be reached: the client makes the connection to a node when it is first
     * used, and refuses commands until it is there.
     */
    private RedisLink.Connection connect(RedisClusterClient client) {
        StatefulRedisClusterConnection<String, String> made = client.connect(StringCodec.UTF8);
        CompletableFuture<?>[] nodes = made.getPartitions().stream()
                .filter(node -> node.is(NodeFlag.UPSTREAM))
                .map(node -> made.getConnectionAsync(
                        node.getUri().getHost(), node.getUri().getPort()))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(nodes)
                .exceptionally(failed -> null)
                .completeOnTimeout(null, settings.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .join();
        return new RedisLink.Connection(made.async(), made);
    }

    private RedisClient single() {
        RedisClient single = RedisClient.create(resources, settings.addresses().getFirst());
        single.setOptions(configure(ClientOptions.builder()).build());
        return single;
    }

    private RedisClusterClient cluster() {
        RedisClusterClient cluster = RedisClusterClient.create(resources, settings.addresses());
        ClusterClientOptions.Builder options = ClusterClientOptions.builder()
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                        .adaptiveRefreshTriggersTimeout(TOPOLOGY_REFRESH_MIN)
                        .build());
        configure(options);
        cluster.setOptions(options.build());
        return cluster;
    }

    /** Commands fail at once while there is no connection: who calls decides how long to go on trying. */
    private ClientOptions.Builder configure(ClientOptions.Builder options) {
        return options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
                .sslOptions(settings.tls().options(settings.timeout()))
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(settings.timeout())
                        .keepAlive(true)
                        .tcpNoDelay(true)
                        .build());
    }

    /** Closes all connections. */
    @Override
    public void close() {
        client.shutdown(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        resources
                .shutdown(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS)
                .awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    }
}
