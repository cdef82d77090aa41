package io.pacioli.ledger.embedded;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeoutException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * Ends the registration that a killed broker has left in the metadata of its cluster before the broker starts again.
 *
 * <p>A broker that is back before its old session has ended starts with metadata in which it still leads its partitions. Its
 * transaction coordinator then takes up transactions that were being committed. When the old session ends a moment later no
 * partition has a leader, which the coordinator takes for "deleted": it drops the markers that were still to be written and
 * calls the transaction complete, so that readers of committed records wait for ever behind an acknowledged commit. Other
 * replicas would take over as leaders, but a single broker has none. So a controller runs alone, without the broker, until it
 * has fenced the old registration.
 */
final class StaleRegistration {
    private static final Duration FENCED_WITHIN = Duration.ofSeconds(30);

    private static final long LOOK_EVERY_MILLIS = 10;

    private static final String ACTIVE = "ActiveBrokerCount";

    /** Nobody else is there whom a short session could hurt. */
    private static final String SESSION_MILLIS = "500";

    private StaleRegistration() {}

    /** Whether a broker has run with these settings before and did not end in peace. */
    static boolean isPossible(Properties settings) {
        Path data = Path.of(settings.getProperty("log.dirs"));
        boolean hasRun = Files.exists(data.resolve("recovery-point-offset-checkpoint"));
        return hasRun && !Files.exists(data.resolve(".kafka_cleanshutdown"));
    }

    /** @throws TimeoutException when the controller has not fenced the registration within 30 seconds */
    static void fence(Properties settings) throws JMException, InterruptedException, TimeoutException {
        fence(settings, FENCED_WITHIN);
    }

    /**
     * @param within how long to wait; a broker that was killed before it was registered is not awaited any longer either
     * @throws TimeoutException when there is a registration and the controller has not fenced it by then
     */
    @SuppressWarnings("SystemOut") // standard output is this process's log
    static void fence(Properties settings, Duration within) throws JMException, InterruptedException, TimeoutException {
        KafkaRaftServer controller =
                new KafkaRaftServer(new KafkaConfig(controllerAlone(settings), false), Time.SYSTEM);
        controller.startup();
        try {
            long deadlineNanos = System.nanoTime() + within.toNanos();
            while (!isFenced()) {
                if (System.nanoTime() - deadlineNanos >= 0) {
                    if (count(ACTIVE) == 0) {
                        System.out.println("No registration of a broker was found within " + within + ": going on");
                        return;
                    }
                    throw new TimeoutException("the broker's old registration was not fenced within " + within);
                }
                Thread.sleep(LOOK_EVERY_MILLIS);
            }
        } finally {
            controller.shutdown();
            controller.awaitShutdown();
        }
    }

    private static Properties controllerAlone(Properties settings) {
        Properties alone = new Properties();
        alone.putAll(settings);
        String address = "CONTROLLER://" + settings.getProperty("controller.quorum.bootstrap.servers");
        alone.setProperty("process.roles", "controller");
        alone.setProperty("listeners", address);
        alone.setProperty("advertised.listeners", address);
        alone.setProperty("broker.session.timeout.ms", SESSION_MILLIS);
        return alone;
    }

    /** Both counts are zero until the metadata has been read. */
    private static boolean isFenced() throws JMException {
        return count("FencedBrokerCount") > 0 && count(ACTIVE) == 0;
    }

    private static int count(String name) throws JMException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        try {
            return (Integer)
                    beans.getAttribute(new ObjectName("kafka.controller:type=KafkaController,name=" + name), "Value");
        } catch (InstanceNotFoundException e) {
            return 0;
        }
    }
}
