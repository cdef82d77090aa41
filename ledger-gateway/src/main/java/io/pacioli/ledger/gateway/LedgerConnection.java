package io.pacioli.ledger.gateway;

import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicMismatchException;
import io.pacioli.ledger.gateway.stream.LedgerState;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's client of the ledger: connects as soon as Kafka and the topics are there, and from then on looks every few seconds
 * whether they still are. Thread safe.
 */
final class LedgerConnection implements LedgerState, AutoCloseable {
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration PROBE = Duration.ofSeconds(5);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(4);
    private static final String CALL_TIMEOUT_MILLIS = "5000";

    private final GatewaySettings settings;
    private final Health.Component health;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread keeper;
    private volatile @Nullable LedgerClient client;
    private volatile int shards;

    LedgerConnection(GatewaySettings settings, Health.Component health) {
        this.settings = settings;
        this.health = health;
        keeper = Thread.ofPlatform().daemon().name("gateway-connection").unstarted(this::keep);
    }

    void start() {
        keeper.start();
    }

    /** The client, or nothing while it has never been connected. */
    Optional<LedgerClient> client() {
        return Optional.ofNullable(client);
    }

    @Override
    public OptionalInt shards() {
        return shards == 0 ? OptionalInt.empty() : OptionalInt.of(shards);
    }

    @Override
    public String trouble() {
        return health.report().status() == Health.Status.UP
                ? ""
                : health.report().detail();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            // Never interrupted: Kafka's clients do not close cleanly on an interrupted thread.
            if (keeper.getState() != Thread.State.NEW) {
                keeper.join(CLOSE_MAX);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void keep() {
        Admin admin = null;
        health.down("waiting for Kafka at " + settings.kafka().get("bootstrap.servers"));
        try {
            do {
                try {
                    admin = admin == null ? Admin.create(adminProperties()) : admin;
                    check(admin);
                } catch (TopicMismatchException e) {
                    health.down(Reason.of(e));
                } catch (KafkaException e) {
                    health.down("Kafka at " + settings.kafka().get("bootstrap.servers") + " does not answer: "
                            + Reason.of(e));
                }
            } while (!awaitClose(client == null ? RETRY : PROBE));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(client, admin);
        }
    }

    private void check(Admin admin) {
        shards = LedgerTopics.shards(admin, settings.topics());
        if (client == null) {
            client = LedgerClient.connect(settings.client());
        }
        health.up(shards + " shards");
    }

    private boolean awaitClose(Duration atMost) throws InterruptedException {
        return closing.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void close(@Nullable LedgerClient client, @Nullable Admin admin) {
        if (client != null) {
            client.close();
        }
        if (admin != null) {
            admin.close(Duration.ofMillis(Long.parseLong(CALL_TIMEOUT_MILLIS)));
        }
    }

    private Map<String, Object> adminProperties() {
        Map<String, Object> properties = new HashMap<>(settings.kafka());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_TIMEOUT_MILLIS);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, CALL_TIMEOUT_MILLIS);
        return properties;
    }
}
