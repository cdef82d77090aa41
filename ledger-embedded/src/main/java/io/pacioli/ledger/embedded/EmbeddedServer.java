package io.pacioli.ledger.embedded;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/**
 * A server that runs as a child process of this JVM and listens on the loopback interface only, unless its
 * {@link Place} is another. It ends when it is closed and
 * when this JVM ends, even by {@code kill -9}. All methods may be called from any thread.
 */
public sealed interface EmbeddedServer extends AutoCloseable
        permits EmbeddedKafka, EmbeddedPostgres, EmbeddedRedis, EmbeddedService {
    /** The address that an embedded server binds to when it is in no other place. */
    String HOST = "127.0.0.1";

    /** The TCP port that clients connect to, 1 to 65535. */
    int port();

    /** The directory that belongs to this server alone: its data, log and lock. */
    Path directory();

    /** The file that takes what the server prints. The log of the start before is beside it, with {@code .1} added. */
    Path log();

    /**
     * The server's own process and not what supervises it, for those who kill it or stop it for a while.
     *
     * @throws EmbeddedStartException when it has ended
     */
    ProcessHandle process();

    /** Whether the process runs. */
    boolean alive();

    /** Completes when the process has ended, by {@link #close()} or by itself. */
    CompletableFuture<Void> onExit();

    /**
     * Stops the server in order, kills it when that takes longer than its bound, and releases its directory; a fresh one is
     * deleted. Does nothing the second time.
     */
    @Override
    void close();
}
