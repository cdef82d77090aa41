package io.pacioli.ledger.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EmbeddedServicesIT {
    private static final long GONE_WITHIN_SECONDS = 60;

    @TempDir
    Path directory;

    @Test
    void serveAndKeepTheirDataOverARestart() throws Exception {
        List<ProcessHandle> children;
        try (Servers servers = Servers.start(directory)) {
            children = ProcessHandle.current().descendants().toList();
            assertThat(Probe.redis(servers.redis(), "PING")).isEqualTo("+PONG");
            assertThat(Probe.redis(servers.redis(), "SET", "kept", "value")).isEqualTo("+OK");

            assertThat(Probe.sql(servers.postgres(), "SHOW fsync")).isEqualTo("on");
            assertThat(Probe.sql(servers.postgres(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(Probe.sql(servers.postgres(), "SHOW server_encoding")).isEqualTo("UTF8");
            Probe.sql(servers.postgres(), "CREATE TABLE kept (value int)");
            Probe.sql(servers.postgres(), "INSERT INTO kept VALUES (42)");

            assertThat(Probe.feature(servers.kafka(), "transaction.version")).isGreaterThanOrEqualTo(2);
            Probe.createTopic(servers.kafka(), "kept");
            Probe.produceInTransaction(servers.kafka(), "kept", "a", "b");
            assertThat(Probe.committed(servers.kafka(), "kept", 2)).containsExactly("a", "b");
        }
        assertThat(children).isNotEmpty().allSatisfy(EmbeddedServicesIT::assertGone);

        try (Servers servers = Servers.start(directory)) {
            assertThat(Probe.redis(servers.redis(), "GET", "kept")).isEqualTo("value");
            assertThat(Probe.sql(servers.postgres(), "SELECT value FROM kept")).isEqualTo("42");
            Probe.produceInTransaction(servers.kafka(), "kept", "c");
            assertThat(Probe.committed(servers.kafka(), "kept", 3)).containsExactly("a", "b", "c");
        }
    }

    @Test
    void endWithTheirJvmWhenItIsKilledAndRecover() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        Servers.Victim.class.getName(),
                        directory.toString())
                .redirectErrorStream(true);
        // The environment carries the class path: it may be longer than a command line allows.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process victim = builder.start();
        List<ProcessHandle> children;
        try (BufferedReader output = victim.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.equals(Servers.Victim.READY)) {
                line = output.readLine();
            }
            assertThat(line).isEqualTo(Servers.Victim.READY);
            children = victim.descendants().toList();
            victim.toHandle().destroyForcibly();
        }
        assertThat(children).hasSizeGreaterThan(3).allSatisfy(EmbeddedServicesIT::assertGone);

        try (Servers servers = Servers.start(directory)) {
            assertThat(Probe.redis(servers.redis(), "GET", "survivor")).isEqualTo("yes");
            assertThat(Probe.sql(servers.postgres(), "SELECT name FROM survivor"))
                    .isEqualTo("yes");
            assertThat(Probe.committed(servers.kafka(), "survivor", 1)).containsExactly("yes");
        }
    }

    @Test
    void recoverWhenEverythingIsKilledAtOnce() throws Exception {
        Servers servers = Servers.start(directory);
        Probe.redis(servers.redis(), "SET", "survivor", "yes");
        Probe.sql(servers.postgres(), "CREATE TABLE survivor AS SELECT 'yes' AS name");
        Probe.createTopic(servers.kafka(), "survivor");
        Probe.produceInTransaction(
                servers.kafka(), "survivor", Probe.numbers(1000).toArray(String[]::new));
        List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
        children.forEach(ProcessHandle::destroyForcibly);
        assertThat(children).allSatisfy(EmbeddedServicesIT::assertGone);
        assertThat(servers.kafka().onExit()).succeedsWithin(Duration.ofSeconds(10));
        assertThat(servers.postgres().alive()).isFalse();
        servers.close();

        try (Servers again = Servers.start(directory)) {
            assertThat(Probe.redis(again.redis(), "GET", "survivor")).isEqualTo("yes");
            assertThat(Probe.sql(again.postgres(), "SELECT name FROM survivor")).isEqualTo("yes");
            assertThat(Probe.committed(again.kafka(), "survivor", 1000)).hasSize(1000);
        }
    }

    @Test
    void sayWhoHoldsADirectory() {
        ServerConfig config = ServerConfig.in(directory.resolve("redis"));
        try (EmbeddedRedis running = EmbeddedRedis.start(config)) {
            assertThatThrownBy(() -> EmbeddedRedis.start(config))
                    .isInstanceOf(EmbeddedStartException.class)
                    .hasMessageContaining(running.directory().toString())
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
        }
        EmbeddedRedis.start(config).close();
    }

    @Test
    void sayWhichPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral(EmbeddedServer.HOST))) {
            ServerConfig config = ServerConfig.fresh().withPort(taken.getLocalPort());
            assertThatThrownBy(() -> EmbeddedPostgres.start(config))
                    .isInstanceOf(EmbeddedStartException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("taken");
        }
    }

    @Test
    void sayWhyAServerDidNotStart() {
        assertThatThrownBy(() -> EmbeddedPostgres.start(ServerConfig.fresh().withSetting("max_connections", "many")))
                .isInstanceOf(EmbeddedStartException.class)
                .hasMessageContaining("PostgreSQL did not start")
                .hasMessageContaining("max_connections")
                .hasMessageNotContaining("\n");
    }

    @Test
    void deleteAFreshDirectoryOnClose() {
        EmbeddedRedis redis = EmbeddedRedis.start(ServerConfig.fresh());
        assertThat(redis.log()).exists();
        redis.close();
        redis.close();
        assertThat(Files.exists(redis.directory())).isFalse();
    }

    private static void assertGone(ProcessHandle process) {
        assertThat(process.onExit())
                .as("process %s", process.info().commandLine())
                .succeedsWithin(Duration.ofSeconds(GONE_WITHIN_SECONDS));
    }
}
