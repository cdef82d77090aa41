package io.pacioli.ledger.testkit.redis;

import io.pacioli.ledger.embedded.EmbeddedServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Redis Cluster of which each master has an equal range of the slots, and a replica if wanted. Nodes that cannot be reached are
 * given up after two seconds; the others go on without their slots ({@code cluster-require-full-coverage no}).
 */
public final class RedisCluster implements AutoCloseable {
    private static final int SLOTS = 16_384;
    private static final String GIVEN_UP_MILLIS = "2000";

    private final List<RedisNode> masters = new ArrayList<>();
    private final List<RedisNode> replicas = new ArrayList<>();

    private RedisCluster() {}

    /**
     * Starts a cluster and waits until all its nodes agree that it serves.
     *
     * @param directory where each node gets a directory
     * @param masters how many, at least three for a replica to be promoted
     * @param replicated whether each has a replica
     */
    public static RedisCluster start(Path directory, int masters, boolean replicated) {
        RedisCluster cluster = new RedisCluster();
        boolean started = false;
        try {
            cluster.startMasters(directory, masters);
            if (replicated) {
                cluster.startReplicas(directory);
            }
            started = true;
            return cluster;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    private void startMasters(Path directory, int count) {
        for (int i = 0; i < count; i++) {
            RedisNode node = node(directory.resolve("master-" + i));
            masters.add(node);
            node.call("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            int first = i * SLOTS / count;
            int last = (i + 1) * SLOTS / count - 1;
            node.call("CLUSTER", "ADDSLOTSRANGE", Integer.toString(first), Integer.toString(last));
        }
        masters.forEach(this::introduce);
        awaitAgreement();
    }

    private void startReplicas(Path directory) {
        for (int i = 0; i < masters.size(); i++) {
            RedisNode node = node(directory.resolve("replica-" + i));
            replicas.add(node);
            introduce(node);
        }
        awaitAgreement();
        for (int i = 0; i < masters.size(); i++) {
            RedisNode replica = replicas.get(i);
            replica.call("CLUSTER", "REPLICATE", masters.get(i).call("CLUSTER", "MYID"));
            Await.until(
                    "a replica follows",
                    () -> replica.call("INFO", "replication").contains("master_link_status:up"));
        }
    }

    private static RedisNode node(Path directory) {
        return RedisNode.server(directory)
                .with("databases", "1")
                .with("cluster-enabled", "yes")
                .with("cluster-port", Integer.toString(RedisNode.freePort()))
                .with("cluster-node-timeout", GIVEN_UP_MILLIS)
                .with("cluster-require-full-coverage", "no")
                .start();
    }

    private void introduce(RedisNode node) {
        RedisNode first = masters.getFirst();
        if (node != first) {
            String port = Integer.toString(first.port());
            node.call(
                    "CLUSTER",
                    "MEET",
                    EmbeddedServer.HOST,
                    port,
                    first.call("CONFIG", "GET", "cluster-port").lines().toList().getLast());
        }
    }

    private void awaitAgreement() {
        List<RedisNode> nodes = nodes();
        Await.until(
                "all nodes know each other",
                () -> nodes.stream()
                        .map(node -> node.call("CLUSTER", "INFO"))
                        .allMatch(info -> info.contains("cluster_state:ok")
                                && info.contains("cluster_slots_ok:" + SLOTS)
                                && info.contains("cluster_known_nodes:" + nodes.size())));
    }

    /** The nodes that began as masters. */
    public List<RedisNode> masters() {
        return List.copyOf(masters);
    }

    /** The nodes that began as their replicas, in the same order. */
    public List<RedisNode> replicas() {
        return List.copyOf(replicas);
    }

    /** The slot of a key; asks the first master. */
    public int slotOf(String key) {
        return Integer.parseInt(masters.getFirst().call("CLUSTER", "KEYSLOT", key));
    }

    /** Which of the masters was given a key's slot at the start, 0 to their number less 1; asks the first one for the slot. */
    public int masterOf(String key) {
        return slotOf(key) * masters.size() / SLOTS;
    }

    /** The address of all nodes for clients. */
    public String uri() {
        return "redis://"
                + nodes().stream()
                        .map(node -> EmbeddedServer.HOST + ":" + node.port())
                        .collect(Collectors.joining(","));
    }

    private List<RedisNode> nodes() {
        return Stream.concat(masters.stream(), replicas.stream()).toList();
    }

    @Override
    public void close() {
        nodes().forEach(RedisNode::close);
    }
}
