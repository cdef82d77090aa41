package io.pacioli.ledger.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of a single broker that is its own controller. */
final class KafkaSettings {
    /** The largest batch of records that the broker takes. */
    private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

    private KafkaSettings() {}

    static Properties of(ServerConfig config, Path data, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(roles(port, controllerPort));
        properties.putAll(singleNode());
        properties.putAll(quickFailover());
        properties.putAll(quickCommits());
        properties.putAll(smallMachine());
        properties.put("log.dirs", data.toString());
        properties.putAll(config.settings());
        return properties;
    }

    private static Map<String, String> roles(int port, int controllerPort) {
        String client = "PLAINTEXT://" + EmbeddedServer.HOST + ":" + port;
        String controller = EmbeddedServer.HOST + ":" + controllerPort;
        return Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "listeners", client + ",CONTROLLER://" + controller,
                "advertised.listeners", client + ",CONTROLLER://" + controller,
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "PLAINTEXT",
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "controller.quorum.bootstrap.servers", controller);
    }

    /** Topics are created on purpose; the internal ones have one replica, for there is one broker. */
    private static Map<String, String> singleNode() {
        return Map.ofEntries(
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("default.replication.factor", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("message.max.bytes", Integer.toString(MESSAGE_BYTES_MAX)),
                Map.entry("replica.fetch.max.bytes", Integer.toString(MESSAGE_BYTES_MAX)));
    }

    /** A broker that was killed may come back at once: its old session must not keep it out for long. */
    private static Map<String, String> quickFailover() {
        return Map.of(
                "broker.heartbeat.interval.ms", "250",
                "broker.session.timeout.ms", "2000",
                "controller.quorum.election.timeout.ms", "250",
                "controller.quorum.fetch.timeout.ms", "1000",
                "group.initial.rebalance.delay.ms", "0");
    }

    /** A transaction that meets the end of the one before it must not wait in steps of 20 ms. */
    private static Map<String, String> quickCommits() {
        return Map.of("add.partitions.to.txn.retry.backoff.ms", "1");
    }

    private static Map<String, String> smallMachine() {
        return Map.of(
                "num.network.threads", "2",
                "num.io.threads", "4",
                "background.threads", "2",
                "num.recovery.threads.per.data.dir", "2",
                "log.cleaner.threads", "1",
                // The default takes 128 MiB of the heap before the first record.
                "log.cleaner.dedupe.buffer.size", Integer.toString(16 * 1024 * 1024));
    }
}
