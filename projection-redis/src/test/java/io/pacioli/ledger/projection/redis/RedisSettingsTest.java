package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisURI;
import io.pacioli.ledger.service.ConfigurationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisSettingsTest {
    private static final String SENTINELS = "redis-sentinel://:secret@one:26379,two:26380#ledger";

    @Test
    void severalNodesOfAClusterHaveOnePassword() {
        List<RedisURI> nodes =
                RedisSettings.cluster("rediss://user:secret@one:7000,two:7001").addresses();

        assertThat(nodes).extracting(RedisURI::getHost).containsExactly("one", "two");
        assertThat(nodes).extracting(RedisURI::getPort).containsExactly(7000, 7001);
        assertThat(nodes).allSatisfy(node -> {
            assertThat(node.isSsl()).isTrue();
            assertThat(node.isVerifyPeer()).isTrue();
            assertThat(node.getTimeout()).isEqualTo(RedisSettings.TIMEOUT);
            assertThat(node.toString()).startsWith("rediss://user:*");
        });
    }

    @Test
    void sentinelsHaveAPasswordOfTheirOwn() {
        RedisURI address = RedisSettings.of(SENTINELS)
                .withSentinelPassword("other")
                .withTimeout(Duration.ofSeconds(1))
                .addresses()
                .getFirst();

        assertThat(address.getSentinelMasterId()).isEqualTo("ledger");
        assertThat(address.getSentinels()).hasSize(2).allSatisfy(sentinel -> {
            assertThat(sentinel.getTimeout()).isEqualTo(Duration.ofSeconds(1));
            assertThat(sentinel.toString()).contains("*@");
        });
    }

    @Test
    void whatDoesNotGoTogetherIsTold(@TempDir Path directory) throws Exception {
        Path garbage = Files.writeString(directory.resolve("ca.pem"), "garbage");

        assertTold("host", () -> RedisSettings.of("http://:secret@example.org"));
        assertTold("host", () -> RedisSettings.of("redis-socket:///secret"));
        assertTold("percent-encoded", () -> RedisSettings.of("redis://:se cret@example.org"));
        assertTold("#name", () -> RedisSettings.of("redis-sentinel://:secret@one"));
        assertTold(
                "only a Redis Cluster or Sentinels may be several", () -> RedisSettings.of("redis://:secret@a:1,b:2"));
        assertTold("no numbered databases", () -> RedisSettings.cluster("redis://:secret@a:1/2"));
        assertTold("not behind Sentinels", () -> RedisSettings.cluster(SENTINELS));
        assertTold(
                "needs a URI that names them",
                () -> RedisSettings.of("redis://a").withSentinelPassword("secret"));
        assertTold("must be PEM", () -> new RedisTls(garbage, null, null));
        assertTold("cannot be read", () -> new RedisTls(directory.resolve("missing"), null, null));
        assertTold("given together", () -> new RedisTls(null, garbage, null));
        assertTold("braces", () -> RedisSettings.of("redis://a").withNamespace("{x}"));
        assertTold("more than zero", () -> RedisSettings.of("redis://a").withTimeout(Duration.ZERO));
    }

    @Test
    void secretsAreLeftOut() {
        assertThat(RedisSettings.of(SENTINELS).withSentinelPassword("secret").toString())
                .doesNotContain("secret");
    }

    /** One line, and no secret in it or in what led to it. */
    private static void assertTold(String rule, ThrowingCallable wrong) {
        assertThatThrownBy(wrong)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(rule)
                .hasMessageNotContaining("\n")
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("secret").doesNotContain("se cret");
                });
    }
}
