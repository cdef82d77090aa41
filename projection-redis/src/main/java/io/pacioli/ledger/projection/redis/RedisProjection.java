package io.pacioli.ledger.projection.redis;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.PositionGate;
import io.pacioli.ledger.service.Service;
import io.pacioli.ledger.service.ServiceException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Live balances in Redis: the projector, the query API, or both.
 *
 * <p>Reports the health components {@code projection-redis} (the projector, down while a shard cannot go on or is being rebuilt) and
 * {@code projection-redis/store} (down while the store cannot answer for every shard).
 */
public final class RedisProjection implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(RedisProjection.class);
    private static final String NAME = "projection-redis";
    private static final int POLL_RECORDS_MAX = 4_000;
    private static final int FETCH_BYTES_MAX = 8 * 1024 * 1024;
    private static final int PARTITION_FETCH_BYTES_MAX = 2 * 1024 * 1024;
    private static final int SESSION_MILLIS = 10_000;
    private static final int HEARTBEAT_MILLIS = 2_000;
    private static final int API_MILLIS = 10_000;
    private static final int WAITERS_MAX = 10_000;
    private static final Duration GATE_INTERVAL = Duration.ofMillis(10);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(6);

    private final RedisProjectionSettings settings;
    private final Metrics metrics;
    private final RedisEndpoint endpoint;
    private final RedisKeys keys;
    private final RedisBalances balances;
    private final PositionGate gate;
    private final Health.Component projectorHealth;
    private final StoreWatch watch;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable Projector projector;
    private volatile @Nullable KafkaClientMetrics consumerMetrics;

    /**
     * Connects to nothing yet.
     *
     * @param health where the service adds its components
     * @param metrics where it adds its figures
     */
    public RedisProjection(RedisProjectionSettings settings, Health health, Metrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        this.endpoint = new RedisEndpoint(settings.redis());
        this.keys = new RedisKeys(settings.redis().namespace());
        this.balances = new RedisBalances(endpoint.link(), keys, settings.router());
        this.gate = PositionGate.polling(settings.router().shards(), WAITERS_MAX, balances, GATE_INTERVAL);
        this.watch = new StoreWatch(balances, health.component(NAME + "/store"));
        this.projectorHealth = settings.projecting() ? health.component(NAME) : watch.health();
    }

    @Override
    public String name() {
        return NAME;
    }

    /** The query API. */
    @Override
    public List<HttpModule> modules() {
        return List.of(new BalancesApi(balances, gate));
    }

    /** The same answers for callers in this process. */
    public RedisBalances balances() {
        return balances;
    }

    @Override
    public void start() {
        if (!started.compareAndSet(false, true) || closed.get()) {
            throw new ServiceException(NAME + " is started once and not again");
        }
        watch.start();
        if (!settings.projecting()) {
            return;
        }
        try {
            ProjectionStore store = new ProjectionStore(endpoint.link(), keys);
            ProjectionMetrics figures = new ProjectionMetrics(metrics.registry());
            Projector made = new Projector(
                    settings.topics().journal(),
                    this::consumer,
                    store,
                    figures,
                    settings.notifying(),
                    projectorHealth,
                    stopped);
            projector = made;
            Thread.ofPlatform().name(NAME).daemon().start(made);
        } catch (KafkaException e) {
            close();
            throw new ServiceException(NAME + " cannot read the journal: " + e.getMessage(), e);
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_MILLIS);
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_MILLIS);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_MILLIS);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS_MAX);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES_MAX);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES_MAX);
        config.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                List.of(CooperativeStickyAssignor.class.getName()));
        config.putAll(settings.kafka());
        config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        measure(new KafkaClientMetrics(consumer));
        return consumer;
    }

    /** Only the consumer in use is measured: one that has failed is replaced. */
    private void measure(KafkaClientMetrics made) {
        KafkaClientMetrics replaced = consumerMetrics;
        if (replaced != null) {
            replaced.close();
        }
        consumerMetrics = made;
        metrics.bind(made);
    }

    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Projector running = projector;
        if (running != null) {
            running.stop();
            try {
                running.stopped().get(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("The projector did not stop within {} ms", CLOSE_MAX.toMillis(), e);
            }
        }
        KafkaClientMetrics measured = consumerMetrics;
        if (measured != null) {
            measured.close();
        }
        watch.close();
        gate.close();
        endpoint.close();
        stopped.complete(null);
    }
}
