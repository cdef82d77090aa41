package io.pacioli.ledger.testkit.redis;

import io.pacioli.ledger.embedded.EmbeddedServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A master, its replica, and a Sentinel that promotes the replica when the master has not answered for a second. */
public final class RedisSentinel implements AutoCloseable {
    /** The name by which the Sentinel knows the master. */
    public static final String NAME = "ledger";

    private final RedisNode first;
    private final RedisNode second;
    private final RedisNode sentinel;

    private RedisSentinel(RedisNode first, RedisNode second, RedisNode sentinel) {
        this.first = first;
        this.second = second;
        this.sentinel = sentinel;
    }

    /**
     * Starts all three and waits until the Sentinel knows both servers and the replica follows.
     *
     * @param directory where each gets a directory
     */
    public static RedisSentinel start(Path directory) {
        RedisNode first = RedisNode.server(directory.resolve("first"));
        RedisNode second = RedisNode.server(directory.resolve("second"))
                .with("replicaof", EmbeddedServer.HOST + " " + first.port());
        RedisNode sentinel = RedisNode.sentinel(
                directory.resolve("sentinel"),
                List.of(
                        "sentinel monitor " + NAME + " " + EmbeddedServer.HOST + " " + first.port() + " 1",
                        "sentinel down-after-milliseconds " + NAME + " 1000",
                        "sentinel failover-timeout " + NAME + " 3000"));
        RedisSentinel group = new RedisSentinel(first, second, sentinel);
        boolean started = false;
        try {
            group.startAll();
            started = true;
            return group;
        } finally {
            if (!started) {
                group.close();
            }
        }
    }

    private void startAll() {
        first.start();
        second.start();
        awaitFollowing(second);
        sentinel.start();
        Await.until(
                "the Sentinel knows both",
                () -> sentinel.call("SENTINEL", "MASTER", NAME).contains("num-slaves\n1\n"));
    }

    /** Waits until a server has all that its master had when it began to follow, and goes on following. */
    public void awaitFollowing(RedisNode replica) {
        Await.until(
                "the replica follows", () -> replica.call("INFO", "replication").contains("master_link_status:up"));
    }

    /** The server that the Sentinel names as master now. */
    public RedisNode master() {
        List<String> address = sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME)
                .lines()
                .toList();
        return address.getLast().equals(Integer.toString(first.port())) ? first : second;
    }

    /** The other server. */
    public RedisNode replica() {
        return master() == first ? second : first;
    }

    /** The Sentinel itself. */
    public RedisNode sentinel() {
        return sentinel;
    }

    /** The address for clients. */
    public String uri() {
        return "redis-sentinel://" + EmbeddedServer.HOST + ":" + sentinel.port() + "#" + NAME;
    }

    @Override
    public void close() {
        Stream.of(sentinel, second, first).forEach(RedisNode::close);
    }
}
