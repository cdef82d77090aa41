package io.pacioli.ledger.testkit.redis;

import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.EmbeddedServer;
import io.pacioli.ledger.embedded.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One Redis server or Sentinel on a port and in a directory that stay the same however often it is started. Not thread safe, but
 * for {@link #call}.
 */
public final class RedisNode implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofSeconds(60);
    private static final long END_SECONDS_MAX = 30;

    private final ServerConfig config;
    private final Function<ServerConfig, EmbeddedRedis> starter;
    private final String password;
    private @Nullable EmbeddedRedis server;

    private RedisNode(ServerConfig config, String password, Function<ServerConfig, EmbeddedRedis> starter) {
        this.config = config;
        this.password = password;
        this.starter = starter;
    }

    /** A server that is not started yet. */
    public static RedisNode server(Path directory) {
        return new RedisNode(
                ServerConfig.in(directory).withPort(freePort()).withStartTimeout(START_MAX), "", EmbeddedRedis::start);
    }

    /**
     * A Sentinel that is not started yet.
     *
     * @param directives lines of {@code sentinel.conf}
     */
    public static RedisNode sentinel(Path directory, List<String> directives) {
        return new RedisNode(
                ServerConfig.in(directory).withPort(freePort()).withStartTimeout(START_MAX),
                "",
                config -> EmbeddedRedis.startSentinel(config, directives));
    }

    /** The same, not started, with one more line of {@code redis.conf}. */
    public RedisNode with(String name, String value) {
        String secret = name.equals("requirepass") ? value : password;
        return new RedisNode(config.withSetting(name, value), secret, starter);
    }

    /** A port that nobody listens on now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(EmbeddedServer.HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return config.port();
    }

    /** The address without a password, {@code redis://host:port}. */
    public String uri() {
        return "redis://" + EmbeddedServer.HOST + ":" + port();
    }

    /** Starts it, with the data that are in its directory, and waits until it answers. */
    public RedisNode start() {
        server = starter.apply(config);
        return this;
    }

    /**
     * Sends one command over a connection of its own.
     *
     * @return the answer as text; the elements of an array one a line
     * @throws UncheckedIOException when there is no answer, or an error
     */
    public String call(String... command) {
        try (RespConnection connection = new RespConnection(EmbeddedServer.HOST, port())) {
            if (!password.isEmpty()) {
                connection.call("AUTH", password);
            }
            return connection.call(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills it as a crash would, and waits until it is gone. */
    public void kill() {
        ProcessHandle process = running().process();
        process.destroyForcibly();
        awaitEnd(process);
        close();
    }

    /** Lets it hang: its connections stay open, and nothing is answered until {@link #resume}. */
    public void suspend() {
        signal("-STOP");
    }

    /** Lets it go on after {@link #suspend}. */
    public void resume() {
        signal("-CONT");
    }

    private void signal(String name) {
        try {
            String pid = Long.toString(running().process().pid());
            Process kill = new ProcessBuilder("kill", name, pid).inheritIO().start();
            awaitEnd(kill.toHandle());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(END_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (Exception e) {
            throw new IllegalStateException("process " + process.pid() + " does not end", e);
        }
    }

    private EmbeddedRedis running() {
        EmbeddedRedis running = server;
        if (running == null) {
            throw new IllegalStateException("not started: port=" + port());
        }
        return running;
    }

    /** Deletes the data of a node that does not run; what it knows of its cluster stays. */
    public void deleteData() {
        delete(data());
    }

    /** Copies the data as they are on the disk at this moment, while the node may be writing. */
    public void copyData(Path to) {
        copy(data(), to);
    }

    /** Gives a node that does not run the data that {@link #copyData} has copied. */
    public void restoreData(Path from) {
        deleteData();
        copy(from, data());
    }

    /** The files that each write is appended to, in the order in which they were written. */
    public List<Path> appended() {
        try (Stream<Path> files = Files.list(data())) {
            return files.filter(file -> file.toString().endsWith(".incr.aof"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path data() {
        Path directory = config.directory();
        if (directory == null) {
            throw new IllegalStateException("a node has a directory");
        }
        return directory.resolve("data").resolve("appendonlydir");
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> files = Files.list(from)) {
            Files.createDirectories(to);
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops it in order, when it runs; its data stay. */
    @Override
    public void close() {
        EmbeddedRedis running = server;
        server = null;
        if (running != null) {
            running.close();
        }
    }
}
