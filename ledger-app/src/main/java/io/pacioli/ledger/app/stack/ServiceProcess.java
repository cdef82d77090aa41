package io.pacioli.ledger.app.stack;

import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicMismatchException;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.app.Shutdown;
import io.pacioli.ledger.app.Version;
import io.pacioli.ledger.service.Health;
import io.pacioli.ledger.service.HttpServer;
import io.pacioli.ledger.service.Metrics;
import io.pacioli.ledger.service.Reason;
import io.pacioli.ledger.service.Service;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that is one service: starts it, serves its HTTP port, and stops it on SIGTERM. */
final class ServiceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(9);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration HTTP_CLOSE = Duration.ofSeconds(1);

    private ServiceProcess() {}

    /** Makes the service of the process. */
    interface Factory {
        Service create(Health health, Metrics metrics);
    }

    /**
     * Runs until the process is told to stop or the service cannot go on.
     *
     * @return the exit code
     * @throws io.pacioli.ledger.service.ServiceException when the service cannot start or go on
     */
    static int run(HttpServer.Settings http, Factory factory) throws InterruptedException {
        Health health = new Health();
        Metrics metrics = new Metrics();
        Service service = factory.create(health, metrics);
        HttpServer server = HttpServer.start(http.withCloseMax(HTTP_CLOSE), health, metrics, service.modules());
        return Shutdown.closing(() -> close(service, server, metrics), STOP_MAX, () -> {
            LOG.info("{} {} listens at {}", service.name(), Version.text(), server.uri());
            service.start();
            service.awaitStop();
            return 0;
        });
    }

    private static void close(Service service, HttpServer server, Metrics metrics) {
        LOG.info("Stopping {}", service.name());
        server.close();
        service.close();
        metrics.close();
    }

    /**
     * The ledger that a process serves.
     *
     * @param shards how many it has
     * @param edition what tells its answers, as this version gives them, from others
     */
    record ServedLedger(int shards, String edition) {
        static ServedLedger of(int shards, String identity) {
            return new ServedLedger(shards, Version.text() + "/" + identity);
        }
    }

    /**
     * The ledger; waits until there is one. While it waits the process lives, and is not ready.
     *
     * @throws TopicMismatchException when the topics there do not fit together
     */
    static ServedLedger awaitLedger(HttpServer.Settings http, Map<String, String> kafka, Topics topics)
            throws InterruptedException {
        Health health = new Health();
        try (Metrics metrics = new Metrics();
                HttpServer server = HttpServer.start(
                        http.withCloseMax(Duration.ZERO), health, metrics, List.of(new StartingApi()))) {
            LOG.debug("Waiting at {}", server.uri());
            return awaitLedger(kafka, topics, health.component("topics"));
        }
    }

    private static ServedLedger awaitLedger(Map<String, String> kafka, Topics topics, Health.Component health)
            throws InterruptedException {
        String servers = String.valueOf(kafka.get("bootstrap.servers"));
        health.down("waiting for the ledger's topics at " + servers);
        while (true) {
            String trouble;
            try (Admin admin = Admin.create(new HashMap<>(kafka))) {
                return ServedLedger.of(LedgerTopics.shards(admin, topics), LedgerTopics.identity(admin, topics));
            } catch (TopicMismatchException e) {
                if (!e.isMissing()) {
                    throw e;
                }
                trouble = String.valueOf(e.getMessage());
            } catch (KafkaException e) {
                trouble = Reason.of(e);
            }
            health.down("waiting for the ledger's topics at " + servers + ": " + trouble);
            Thread.sleep(RETRY);
        }
    }
}
