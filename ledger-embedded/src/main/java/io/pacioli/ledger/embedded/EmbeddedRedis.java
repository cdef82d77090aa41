package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A real Redis 7 server. It appends each write to a file that reaches the disk once a second: a crash of the machine loses a
 * second at most.
 */
public final class EmbeddedRedis implements EmbeddedServer {
    private static final String NAME = "Redis";
    private static final String VERSION = "7.0.15";

    /** Many numbered databases, so that each test may have one of its own. */
    private static final int DATABASES = 1024;

    private static final int PING_TIMEOUT_MILLIS = 500;

    /** How the answers to PING begin once a server takes clients; the second one wants a password first. */
    private static final Set<String> SERVES = Set.of("+PONG", "-NOAU");

    private final DataDirectory directory;
    private final SupervisedProcess process;
    private final Path log;
    private final String host;
    private final int port;

    private EmbeddedRedis(DataDirectory directory, SupervisedProcess process, Path log, String host, int port) {
        this.directory = directory;
        this.process = process;
        this.log = log;
        this.host = host;
        this.port = port;
    }

    /**
     * Starts a server and waits until it has loaded its data and answers.
     *
     * @throws EmbeddedStartException when the directory is in use, the port is taken or the server does not start in time
     */
    public static EmbeddedRedis start(ServerConfig config) {
        DataDirectory directory = DataDirectory.of(config, "redis");
        return Attempts.start(directory, config.port(), () -> startIn(directory, config));
    }

    /**
     * Starts a Sentinel, which watches servers and promotes a replica when a master is lost.
     *
     * @param directives lines of {@code sentinel.conf}, such as {@code sentinel monitor ledger 127.0.0.1 6379 1}; a directory
     *     that has been used before keeps what the Sentinel has learned since
     * @throws EmbeddedStartException when the directory is in use, the port is taken or the Sentinel does not start in time
     */
    public static EmbeddedRedis startSentinel(ServerConfig config, List<String> directives) {
        DataDirectory directory = DataDirectory.of(config, "sentinel");
        return Attempts.start(directory, config.port(), () -> startSentinelIn(directory, config, directives));
    }

    private static EmbeddedRedis startSentinelIn(
            DataDirectory directory, ServerConfig config, List<String> directives) {
        Path data = dataIn(directory);
        // A Sentinel rewrites the file whenever it learns something.
        Path file = data.resolve("sentinel.conf");
        try {
            if (!Files.exists(file)) {
                Files.write(file, directives);
            }
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot write to " + file + ": " + e, e);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("dir", data.toString());
        settings.putAll(config.settings());
        return run(directory, config, List.of(file.toString(), "--sentinel"), settings);
    }

    private static EmbeddedRedis startIn(DataDirectory directory, ServerConfig config) {
        return run(directory, config, List.of(), settings(config, dataIn(directory)));
    }

    private static EmbeddedRedis run(
            DataDirectory directory, ServerConfig config, List<String> mode, Map<String, String> settings) {
        Place place = config.place();
        int port = place.choosePort(NAME, config.port());
        List<String> command = new ArrayList<>();
        command.add(binary().toString());
        command.addAll(mode);
        command.addAll(List.of("--bind", place.host(), "--port", Integer.toString(port)));
        if (!place.isLocal()) {
            // Without a password, it would listen to its own host only.
            command.addAll(List.of("--protected-mode", "no"));
        }
        settings.forEach((name, value) -> {
            command.add("--" + name);
            command.add(value);
        });
        SupervisedProcess.Spec spec = new SupervisedProcess.Spec(
                NAME, place.command(command), Map.of("LC_ALL", "C"), directory.path(), "TERM");
        SupervisedProcess process = SupervisedProcess.start(spec);
        process.awaitReady(() -> answers(place.host(), port), config.startTimeout());
        return new EmbeddedRedis(directory, process, spec.log(), place.host(), port);
    }

    private static Path binary() {
        String machine = Platform.os() + "-" + (Platform.arm() ? "arm64" : "amd64");
        return BinaryCache.ofUser().executable("redis-server-" + VERSION + "-" + machine);
    }

    private static Path dataIn(DataDirectory directory) {
        try {
            return Files.createDirectories(directory.path().resolve("data"));
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot write to " + directory.path() + ": " + e, e);
        }
    }

    private static Map<String, String> settings(ServerConfig config, Path data) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("dir", data.toString());
        settings.put("appendonly", "yes");
        settings.put("appendfsync", "everysec");
        settings.put("save", "");
        settings.put("databases", Integer.toString(DATABASES));
        settings.putAll(config.settings());
        return settings;
    }

    private static boolean answers(String host, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port), PING_TIMEOUT_MILLIS);
            socket.setSoTimeout(PING_TIMEOUT_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes("+PONG".length());
            return SERVES.contains(new String(answer, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return false;
        }
    }

    /** The address for clients, {@code redis://host:port}. */
    public String uri() {
        return "redis://" + host + ":" + port;
    }

    /** The address of one numbered database, 0 to 1023. */
    public String uri(int database) {
        if (database < 0 || database >= DATABASES) {
            throw new IllegalArgumentException("database must be 0.." + (DATABASES - 1) + ": database=" + database);
        }
        return uri() + "/" + database;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Path directory() {
        return directory.path();
    }

    @Override
    public Path log() {
        return log;
    }

    @Override
    public ProcessHandle process() {
        return process.server();
    }

    @Override
    public boolean alive() {
        return process.alive();
    }

    @Override
    public CompletableFuture<Void> onExit() {
        return process.onExit();
    }

    @Override
    public void close() {
        process.close();
        directory.close();
    }
}
