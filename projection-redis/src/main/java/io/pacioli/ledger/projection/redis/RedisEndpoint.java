package io.pacioli.ledger.projection.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The client of one Redis or Redis Cluster, from which connections are made. Thread safe. */
final class RedisEndpoint implements AutoCloseable {
    private static final Duration RECONNECT_MIN = Duration.ofMillis(50);
    private static final Duration RECONNECT_MAX = Duration.ofSeconds(1);
    private static final Duration TOPOLOGY_REFRESH = Duration.ofSeconds(30);
    private static final int THREADS = 2;
    private static final long CLOSE_SECONDS_MAX = 2;

    private final RedisSettings settings;
    private final ClientResources resources;
    private final AbstractRedisClient client;

    RedisEndpoint(RedisSettings settings) {
        this.settings = settings;
        this.resources = ClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .reconnectDelay(Delay.exponential(RECONNECT_MIN, RECONNECT_MAX, 2, TimeUnit.MILLISECONDS))
                .build();
        RedisURI uri = RedisURI.create(settings.uri());
        uri.setTimeout(settings.timeout());
        this.client = settings.cluster() ? cluster(uri) : single(uri);
    }

    /** A connection of its own, made when it is first used. */
    RedisLink link() {
        return switch (client) {
            case RedisClient single ->
                new RedisLink(() -> single.connect(StringCodec.UTF8).async(), settings.timeout());
            case RedisClusterClient cluster ->
                new RedisLink(() -> cluster.connect(StringCodec.UTF8).async(), settings.timeout());
            default -> throw new IllegalStateException("unknown client: " + client.getClass());
        };
    }

    private RedisClient single(RedisURI uri) {
        RedisClient single = RedisClient.create(resources, uri);
        single.setOptions(configure(ClientOptions.builder()).build());
        return single;
    }

    private RedisClusterClient cluster(RedisURI uri) {
        RedisClusterClient cluster = RedisClusterClient.create(resources, uri);
        ClusterClientOptions.Builder options = ClusterClientOptions.builder()
                .topologyRefreshOptions(ClusterTopologyRefreshOptions.builder()
                        .enablePeriodicRefresh(TOPOLOGY_REFRESH)
                        .build());
        configure(options);
        cluster.setOptions(options.build());
        return cluster;
    }

    /** Commands fail at once while there is no connection: who calls decides how long to go on trying. */
    private ClientOptions.Builder configure(ClientOptions.Builder options) {
        return options.disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.enabled(settings.timeout()))
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
