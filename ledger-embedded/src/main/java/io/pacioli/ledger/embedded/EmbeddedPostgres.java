package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A real PostgreSQL 18 server with one database, {@code ledger}. It writes through to the disk ({@code fsync} is on), trusts
 * whoever connects from this machine, and speaks UTC.
 */
public final class EmbeddedPostgres implements EmbeddedServer {
    private static final String NAME = "PostgreSQL";
    private static final String USERNAME = "ledger";
    private static final String DATABASE = "ledger";

    /** The line of {@code postmaster.pid} that says how far the server is, counted from 0. */
    private static final int STATUS_LINE = 7;

    private static final int MEMORY_PARTS = 16;
    private static final int SHARED_BUFFERS_MEGABYTES_MIN = 128;
    private static final int SHARED_BUFFERS_MEGABYTES_MAX = 1024;

    private final DataDirectory directory;
    private final SupervisedProcess process;
    private final Path log;
    private final String host;
    private final int port;

    private EmbeddedPostgres(DataDirectory directory, SupervisedProcess process, Path log, String host, int port) {
        this.directory = directory;
        this.process = process;
        this.log = log;
        this.host = host;
        this.port = port;
    }

    /**
     * Starts a server, makes its data when the directory has none, and waits until it accepts connections.
     *
     * @throws EmbeddedStartException when the directory is in use, the port is taken or the server does not start in time
     */
    public static EmbeddedPostgres start(ServerConfig config) {
        DataDirectory directory = DataDirectory.of(config, "postgres");
        return Attempts.start(directory, config.port(), () -> startIn(directory, config));
    }

    private static EmbeddedPostgres startIn(DataDirectory directory, ServerConfig config) {
        Place place = config.place();
        int port = place.choosePort(NAME, config.port());
        PidFile.awaitGone(directory.path().resolve("pid"));
        PostgresAccount account = PostgresAccount.choose();
        Path binaries = account.binaries().archive(archive());
        PostgresData data = new PostgresData(account, binaries, directory.path());
        try {
            data.initialize(USERNAME, DATABASE, config.directory() != null);
            if (!place.isLocal()) {
                data.trustEveryHost();
            }
            account.own(data.directory());
            data.forgetReusedPostmaster();
        } catch (IOException e) {
            throw new EmbeddedStartException("cannot make PostgreSQL's data in " + directory.path() + ": " + e, e);
        }
        String earlier = data.postmaster();
        SupervisedProcess.Spec spec = new SupervisedProcess.Spec(
                NAME,
                place.command(account.command(command(config, binaries, data.directory(), port))),
                Map.of("LC_ALL", "C"),
                directory.path(),
                "INT");
        SupervisedProcess process = SupervisedProcess.start(spec);
        process.awaitReady(() -> ready(data.postmaster(), earlier), config.startTimeout());
        return new EmbeddedPostgres(directory, process, spec.log(), place.host(), port);
    }

    private static String archive() {
        return "postgres-" + Platform.os() + "-" + (Platform.arm() ? "arm_64" : "x86_64") + ".txz";
    }

    /** A killed server leaves a file behind that says "ready" for ever: only another one than before counts. */
    private static boolean ready(String postmaster, String earlier) {
        List<String> lines = postmaster.lines().toList();
        return !postmaster.equals(earlier)
                && lines.size() > STATUS_LINE
                && lines.get(STATUS_LINE).strip().equals("ready");
    }

    private static List<String> command(ServerConfig config, Path binaries, Path data, int port) {
        List<String> command = new ArrayList<>();
        command.add(binaries.resolve("bin/postgres").toString());
        command.add("-D");
        command.add(data.toString());
        settings(config, port).forEach((name, value) -> {
            command.add("-c");
            command.add(name + "=" + value);
        });
        return command;
    }

    private static Map<String, String> settings(ServerConfig config, int port) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", config.place().host());
        settings.put("port", Integer.toString(port));
        // No socket in the file system: its path has a length limit that a data directory may exceed.
        settings.put("unix_socket_directories", "");
        settings.put("fsync", "on");
        settings.put("max_connections", "200");
        settings.put("shared_buffers", sharedBuffersMegabytes() + "MB");
        settings.put("max_wal_size", "4GB");
        settings.put("checkpoint_timeout", "15min");
        settings.put("timezone", "UTC");
        settings.put("log_timezone", "UTC");
        settings.put("jit", "off");
        settings.put("log_checkpoints", "off");
        settings.putAll(config.settings());
        return settings;
    }

    /** Enough for the pages of indexes that writing comes back to; taken from the machine only as they are used. */
    private static long sharedBuffersMegabytes() {
        return Math.clamp(
                Platform.memoryMegabytes() / MEMORY_PARTS, SHARED_BUFFERS_MEGABYTES_MIN, SHARED_BUFFERS_MEGABYTES_MAX);
    }

    /** The address of the database {@code ledger} for JDBC. */
    public String jdbcUrl() {
        return jdbcUrl(DATABASE);
    }

    /** The address of another database of this server, which need not exist. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** The superuser, {@code ledger}. */
    public String username() {
        return USERNAME;
    }

    /** A password for clients that insist on one; the server trusts whoever connects. */
    public String password() {
        return USERNAME;
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
