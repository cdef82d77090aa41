package io.pacioli.ledger.gateway;

import io.pacioli.ledger.gateway.stream.EventStreams;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpModule;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.Service;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The HTTP door of the ledger: {@code POST /v1/commands} takes a command, hands it to the command topic and answers with its
 * outcome, and changes of accounts and assets are streamed from the journal.
 *
 * <p>It starts whether or not Kafka and the ledger's topics are there, answers 503 until they are, and tells so by the component
 * {@code gateway} of the health. It has no state: any number of gateways may run.
 */
public final class GatewayService implements Service {
    private final LedgerConnection connection;
    private final CommandRoutes routes;
    private final EventStreams streams;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    /**
     * @param health where it reports whether the ledger can be reached
     * @param metrics where it counts commands and streams
     */
    public GatewayService(GatewaySettings settings, Health health, Metrics metrics) {
        connection = new LedgerConnection(settings, health.component("gateway"));
        routes = new CommandRoutes(connection, settings, new GatewayMetrics(metrics.registry()));
        streams = new EventStreams(
                settings.kafka(), settings.topics(), settings.streams(), connection, metrics.registry());
    }

    @Override
    public String name() {
        return "gateway";
    }

    @Override
    public List<HttpModule> modules() {
        return List.of(routes, streams.module());
    }

    @Override
    public void start() {
        connection.start();
        streams.start();
    }

    @Override
    public CompletableFuture<Void> stopped() {
        return stopped;
    }

    /** Stops within 45 s. Commands that were acknowledged will be decided; those who still wait for an outcome are told so. */
    @Override
    public void close() {
        streams.close();
        connection.close();
        stopped.complete(null);
    }
}
