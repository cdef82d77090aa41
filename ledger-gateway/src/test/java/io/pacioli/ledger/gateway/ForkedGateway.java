package io.pacioli.ledger.gateway;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Metrics;
import java.util.concurrent.CountDownLatch;

/** A gateway that is a process of its own, so that it has a heap of its own. */
final class ForkedGateway {
    private ForkedGateway() {}

    /**
     * Runs until it is told to stop.
     *
     * @param arguments Kafka's address, the prefix of the topics, the port
     */
    public static void main(String[] arguments) throws InterruptedException {
        Health health = new Health();
        Metrics metrics = new Metrics();
        GatewaySettings settings = RunningGateway.settings(arguments[0], Topics.withPrefix(arguments[1]));
        GatewayService service = new GatewayService(settings, health, metrics);
        int port = Integer.parseInt(arguments[2]);
        try (HttpServer server =
                HttpServer.start(HttpServer.Settings.ofPort(port), health, metrics, service.modules())) {
            service.start();
            new CountDownLatch(server.port()).await();
        }
    }
}
