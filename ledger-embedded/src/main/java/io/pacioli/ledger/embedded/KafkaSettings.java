package io.pacioli.ledger.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of a broker that is a controller too: of its own cluster, or of one that it shares with others. */
final class KafkaSettings {
    /** The largest batch of records that the broker takes. */
    private static final int MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

    private static final String VOTERS = "controller.quorum.voters";
    private static final int QUORUM_REPLICAS = 3;
    private static final int QUORUM_REPLICAS_MIN = 2;

    private KafkaSettings() {}

    static Properties of(ServerConfig config, Path data, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(roles(1, config.place().host(), port, controllerPort));
        properties.put("controller.quorum.bootstrap.servers", config.place().host() + ":" + controllerPort);
        properties.putAll(topics(1, 1));
        properties.putAll(quickFailover());
        return finish(properties, config, data);
    }

    /** A member of a cluster has the failure detection of Kafka's own defaults. */
    static Properties of(ServerConfig config, Path data, KafkaQuorum quorum, KafkaQuorum.Member member) {
        Properties properties = new Properties();
        properties.putAll(roles(member.id(), member.host(), member.port(), member.controllerPort()));
        properties.put(VOTERS, quorum.voters());
        properties.putAll(topics(QUORUM_REPLICAS, QUORUM_REPLICAS_MIN));
        properties.put("min.insync.replicas", Integer.toString(QUORUM_REPLICAS_MIN));
        return finish(properties, config, data);
    }

    /** Whether the settings are those of a member of a cluster, which others lead when it is away. */
    static boolean isMember(Properties settings) {
        return settings.containsKey(VOTERS);
    }

    private static Properties finish(Properties properties, ServerConfig config, Path data) {
        properties.putAll(quickCommits());
        properties.putAll(quickGroups());
        properties.putAll(smallMachine());
        properties.put("log.dirs", data.toString());
        properties.putAll(config.settings());
        return properties;
    }

    private static Map<String, String> roles(int id, String host, int port, int controllerPort) {
        String listeners = "PLAINTEXT://" + host + ":" + port + ",CONTROLLER://" + host + ":" + controllerPort;
        return Map.of(
                "process.roles", "broker,controller",
                "node.id", Integer.toString(id),
                "listeners", listeners,
                "advertised.listeners", listeners,
                "controller.listener.names", "CONTROLLER",
                "inter.broker.listener.name", "PLAINTEXT",
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    }

    /** Topics are created on purpose; the internal ones have as many replicas as there are brokers for them. */
    private static Map<String, String> topics(int replicas, int inSyncMin) {
        String copies = Integer.toString(replicas);
        String needed = Integer.toString(inSyncMin);
        return Map.ofEntries(
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("default.replication.factor", copies),
                Map.entry("offsets.topic.replication.factor", copies),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", copies),
                Map.entry("transaction.state.log.min.isr", needed),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", copies),
                Map.entry("share.coordinator.state.topic.min.isr", needed),
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
                "controller.quorum.fetch.timeout.ms", "1000");
    }

    /** A transaction that meets the end of the one before it must not wait in steps of 20 ms. */
    private static Map<String, String> quickCommits() {
        return Map.of("add.partitions.to.txn.retry.backoff.ms", "1");
    }

    /**
     * A projector that is killed is replaced after 3 s, a processor after 4 s: Kafka's own limit is 6 s. And processors that have all lost their
     * sessions, as when the broker that led their group was cut off, go on when the first of them is back, instead of 3 to 6 s later.
     */
    private static Map<String, String> quickGroups() {
        return Map.of("group.min.session.timeout.ms", "3000", "group.initial.rebalance.delay.ms", "0");
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
