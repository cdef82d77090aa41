package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The files of a PostgreSQL cluster: made once, complete or not at all. */
final class PostgresData {
    private static final Duration INITIALIZED_WITHIN = Duration.ofSeconds(60);

    private static final String EVERY_HOST = "host all all 0.0.0.0/0 trust";

    private final PostgresAccount account;
    private final Path binaries;
    private final Path directory;

    /** The cluster in {@code parent}, which the server's log and lock are in too. */
    PostgresData(PostgresAccount account, Path binaries, Path parent) {
        this.account = account;
        this.binaries = binaries;
        this.directory = parent.resolve("data");
    }

    Path directory() {
        return directory;
    }

    /**
     * Makes the cluster and its database unless they exist. They are made under another name and renamed when whole, so that a
     * death in between leaves nothing half-made.
     *
     * @param durable whether the files must have reached the disk
     */
    void initialize(String superuser, String database, boolean durable) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path making = directory.resolveSibling("data.new");
        DataDirectory.delete(making);
        Files.createDirectory(
                making, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        account.own(making);
        List<String> initdb = List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + making,
                "--username=" + superuser,
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                durable ? "--sync-method=fsync" : "--no-sync",
                "--no-instructions");
        run("initdb", initdb, "");
        List<String> single = List.of(
                binaries.resolve("bin/postgres").toString(),
                "--single",
                "-D",
                making.toString(),
                "-c",
                "log_min_messages=warning",
                "postgres");
        run("createdb", single, "CREATE DATABASE " + database + "\n");
        Files.move(making, directory, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Lets clients in from other hosts too; those of this one are trusted from the beginning. */
    void trustEveryHost() throws IOException {
        Path file = directory.resolve("pg_hba.conf");
        if (!Files.readAllLines(file).contains(EVERY_HOST)) {
            Files.writeString(file, EVERY_HOST + "\n", StandardOpenOption.APPEND);
        }
    }

    /** What the server's own process id file says, empty when there is none. */
    String postmaster() {
        try {
            return Files.readString(directory.resolve("postmaster.pid"));
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Removes the process id file of a killed server when its id now belongs to a stranger, which the server would take for
     * another postmaster. In every other case the server judges the file itself, and better.
     */
    void forgetReusedPostmaster() throws IOException {
        String pid = postmaster().lines().findFirst().orElse("").strip();
        if (!pid.matches("[0-9]{1,18}")) {
            return;
        }
        boolean stranger = ProcessHandle.of(Long.parseLong(pid))
                .flatMap(process -> process.info().command())
                .map(command -> !command.endsWith("/postgres"))
                .orElse(false);
        if (stranger) {
            Files.deleteIfExists(directory.resolve("postmaster.pid"));
        }
    }

    private void run(String name, List<String> command, String input) throws IOException {
        Path log = directory.resolveSibling(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(account.command(command))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            try (var toProcess = process.getOutputStream()) {
                toProcess.write(input.getBytes(StandardCharsets.UTF_8));
            }
            boolean ended = process.waitFor(INITIALIZED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended || process.exitValue() != 0) {
                String said = Files.readString(log).strip().replaceAll("\\s*\\R\\s*", " / ");
                throw new EmbeddedStartException("PostgreSQL's data could not be made by " + name + ": " + said);
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedStartException("interrupted while PostgreSQL's data was made", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
