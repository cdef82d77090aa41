package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.pacioli.ledger.service.ConfigurationException;
import io.pacioli.ledger.testkit.redis.Certificates;
import io.pacioli.ledger.testkit.redis.RedisNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Servers that want TLS and passwords. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsIT {
    private static final String SECRET = "s3cr3t-w0rd";

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger client = (Logger) LoggerFactory.getLogger("io.lettuce");
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
    private Certificates certificates;
    private Certificates others;
    private Path directory;
    private RedisNode node;
    private int port;
    private Scenario scenario;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        // All that the client can say of a connection; what is only for debugging is kept from the console.
        client.setLevel(Level.DEBUG);
        client.setAdditive(false);
        client.addAppender(logged);
        root.addAppender(logged);
        logged.start();

        directory = temporary;
        certificates = Certificates.authority(directory.resolve("ours"));
        certificates.sign("server", "ip:127.0.0.1");
        certificates.sign("client", "dns:client");
        certificates.sign("elsewhere", "dns:example.org");
        others = Certificates.authority(directory.resolve("others"));
        port = RedisNode.freePort();
        node = tls(RedisNode.server(directory.resolve("node")), port, "server").start();
        scenario = new Scenario(20261129);
    }

    private RedisNode tls(RedisNode plain, int tlsPort, String certificate) {
        return plain.with("requirepass", SECRET)
                .with("tls-port", Integer.toString(tlsPort))
                .with("tls-cert-file", certificates.certificate(certificate).toString())
                .with("tls-key-file", certificates.key(certificate).toString())
                .with("tls-ca-cert-file", certificates.authority().toString())
                .with("tls-auth-clients", "optional");
    }

    @AfterAll
    void close() {
        try {
            scenario.close();
        } finally {
            node.close();
            root.detachAppender(logged);
            client.detachAppender(logged);
            client.setAdditive(true);
            client.setLevel(null);
        }
        assertThat(logged.list)
                .isNotEmpty()
                .noneSatisfy(event -> assertThat(
                                event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy()))
                        .contains(SECRET));
    }

    @Test
    void aPasswordAndAnAuthorityOfOnesOwn() throws Exception {
        assertProjects(RedisSettings.of(uri("")).withTls(ours()));
    }

    @Test
    void aUserThatMayDoNoMoreThanItNeeds() throws Exception {
        addUser(node);
        assertProjects(RedisSettings.of(uri("ledger")).withTls(ours()));
    }

    private static void addUser(RedisNode server) {
        server.call(
                "ACL", "SETUSER", "ledger", "on", ">" + SECRET, "~*", "&*", "+@all", "-@admin", "-@dangerous", "+info");
    }

    @Test
    void aServerThatWantsACertificateGetsOne() throws Exception {
        node.call("CONFIG", "SET", "tls-auth-clients", "yes");
        try {
            assertRefused(RedisSettings.of(uri("")).withTls(ours()), "Unable to connect");
            assertProjects(RedisSettings.of(uri(""))
                    .withTls(new RedisTls(
                            certificates.authority(), certificates.certificate("client"), certificates.key("client"))));
        } finally {
            node.call("CONFIG", "SET", "tls-auth-clients", "optional");
        }
    }

    @Test
    void anAuthorityThatIsNotTrusted() throws Exception {
        assertRefused(RedisSettings.of(uri("")).withTls(new RedisTls(others.authority(), null, null)), "PKIX path");
    }

    @Test
    void aServerWithTheCertificateOfAnother() throws Exception {
        int elsewhere = RedisNode.freePort();
        try (RedisNode other = tls(RedisNode.server(directory.resolve("elsewhere")), elsewhere, "elsewhere")) {
            other.start();
            String address = "rediss://:" + SECRET + "@127.0.0.1:" + elsewhere;
            assertRefused(RedisSettings.of(address).withTls(ours()), "127.0.0.1");
            assertProjects(
                    RedisSettings.of(address + "?verifyPeer=CA").withTls(ours()).withNamespace("other:"));
        }
    }

    @Test
    void aPasswordThatIsWrong() throws Exception {
        assertRefused(RedisSettings.of("rediss://:wrong@127.0.0.1:" + port).withTls(ours()), "WRONGPASS");
        assertRefused(RedisSettings.of("rediss://127.0.0.1:" + port).withTls(ours()), "NOAUTH");
    }

    @Test
    void sentinelsWithAPasswordOfTheirOwn() throws Exception {
        int sentinelPort = RedisNode.freePort();
        try (RedisNode sentinel = tls(
                        RedisNode.sentinel(
                                directory.resolve("sentinel"),
                                List.of(
                                        "sentinel monitor ledger 127.0.0.1 " + port + " 1",
                                        "sentinel auth-pass ledger " + SECRET)),
                        sentinelPort,
                        "server")
                .with("tls-replication", "yes")
                .with("requirepass", "sentinel-" + SECRET)) {
            sentinel.start();
            RedisSettings settings = RedisSettings.of(
                            "rediss-sentinel://:" + SECRET + "@127.0.0.1:" + sentinelPort + "#ledger")
                    .withTls(ours());
            assertRefused(settings, "NOAUTH");
            assertProjects(settings.withSentinelPassword("sentinel-" + SECRET));
        }
    }

    @Test
    void aCluster() throws Exception {
        int clusterPort = RedisNode.freePort();
        RedisNode single = tls(RedisNode.server(directory.resolve("cluster")), clusterPort, "server")
                .with("databases", "1")
                .with("cluster-enabled", "yes")
                .with("tls-cluster", "yes")
                .with("cluster-port", Integer.toString(RedisNode.freePort()));
        try (RedisNode started = single.start()) {
            started.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
            addUser(started);
            assertProjects(RedisSettings.cluster("rediss://ledger:" + SECRET + "@127.0.0.1:" + clusterPort)
                    .withTls(ours()));
        }
    }

    @Test
    void filesThatAreNotWhatTheyShouldBeAreToldAtOnce() {
        Path missing = directory.resolve("missing.pem");
        Path key = certificates.key("client");
        Path certificate = certificates.certificate("client");
        assertThatThrownBy(() -> new RedisTls(missing, null, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("authority cannot be read: " + missing);
        assertThatThrownBy(() -> new RedisTls(key, null, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("authority must be PEM");
        assertThatThrownBy(() -> new RedisTls(null, certificate, certificate))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("key of the Redis client certificate must be PEM")
                .hasMessageContaining(certificate.toString());
        assertThatThrownBy(() -> new RedisTls(null, certificate, null))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("together");
    }

    private String uri(String user) {
        return "rediss://" + user + ":" + SECRET + "@127.0.0.1:" + port;
    }

    private RedisTls ours() {
        return new RedisTls(certificates.authority(), null, null);
    }

    private void assertProjects(RedisSettings settings) throws Exception {
        try (TestProjection projection = new TestProjection(scenario.settings(settings))) {
            RedisBalances balances = projection.service.balances();
            scenario.awaitAnswers(balances);
            Eventually.holds(() -> assertThat(projection.health.isReady()).isTrue());
        }
    }

    private void assertRefused(RedisSettings settings, String reason) throws Exception {
        try (TestProjection projection = new TestProjection(scenario.settings(settings))) {
            Eventually.holds(
                    () -> assertThat(projection.report().detail()).contains("Redis cannot be reached", reason));
            assertThatThrownBy(() -> projection.service.balances().account("u1"))
                    .isInstanceOfSatisfying(
                            StoreUnavailableException.class,
                            e -> assertThat(e.code()).isEqualTo("STORE_UNAVAILABLE"));
            assertThat(projection.report().detail()).doesNotContain(SECRET);
        }
    }
}
