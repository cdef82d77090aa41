package io.pacioli.ledger.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

class TestServicesIT {
    @Test
    void kafkaIsStartedOnceAndServes() throws Exception {
        TestKafka kafka = TestServices.kafka();
        assertThat(TestServices.kafka()).isSameAs(kafka);
        assertThat(kafka.freshPrefix()).isNotEqualTo(kafka.freshPrefix()).matches("[a-z0-9-]+\\.");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            assertThat(admin.describeCluster().nodes().get(30, TimeUnit.SECONDS))
                    .hasSize(1);
        }
    }

    @Test
    void postgresMakesEmptyDatabases() throws Exception {
        TestPostgres postgres = TestServices.postgres();
        String one = postgres.freshDatabase();
        String two = postgres.freshDatabase();
        assertThat(one).isNotEqualTo(two);
        try (var connection = DriverManager.getConnection(one, postgres.username(), postgres.password());
                var tables = connection.getMetaData().getTables(null, "public", "%", null)) {
            assertThat(tables.next()).isFalse();
        }
    }

    @Test
    void redisHandsOutDatabases() throws Exception {
        TestRedis redis = TestServices.redis();
        assertThat(redis.freshDatabase()).isNotEqualTo(redis.freshDatabase()).startsWith(redis.uri());
        URI uri = URI.create(redis.uri());
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }
}
