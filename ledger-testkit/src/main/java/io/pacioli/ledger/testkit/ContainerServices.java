package io.pacioli.ledger.testkit;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The same services as containers. Loaded only when asked for, because the library is on the class path only then. The
 * library's own reaper removes the containers when the JVM is gone.
 */
final class ContainerServices {
    private static final DockerImageName KAFKA = DockerImageName.parse("apache/kafka:4.3.1");
    private static final DockerImageName POSTGRES = DockerImageName.parse("postgres:18");
    private static final DockerImageName REDIS = DockerImageName.parse("redis:7");
    private static final int REDIS_PORT = 6379;

    private ContainerServices() {}

    @SuppressWarnings("resource") // lives as long as this JVM
    static TestKafka kafka() {
        requireEngine();
        KafkaContainer container = new KafkaContainer(KAFKA)
                .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
                .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "3000")
                .withEnv("KAFKA_MESSAGE_MAX_BYTES", Integer.toString(4 * 1024 * 1024));
        container.start();
        return new TestKafka(container.getBootstrapServers());
    }

    @SuppressWarnings("resource") // lives as long as this JVM
    static TestPostgres postgres() {
        requireEngine();
        PostgreSQLContainer container = new PostgreSQLContainer(POSTGRES)
                .withDatabaseName("ledger")
                .withUsername("ledger")
                .withPassword("ledger");
        // The library turns fsync off, which would not be the server that users have.
        container.setCommand("postgres", "-c", "fsync=on", "-c", "max_connections=200");
        container.start();
        String server = "jdbc:postgresql://" + container.getHost() + ":"
                + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT) + "/";
        return new TestPostgres(server, server + "ledger", container.getUsername(), container.getPassword());
    }

    @SuppressWarnings("resource") // lives as long as this JVM
    static TestRedis redis() {
        requireEngine();
        GenericContainer<?> container = new GenericContainer<>(REDIS)
                .withExposedPorts(REDIS_PORT)
                .withCommand(
                        "redis-server", "--appendonly", "yes", "--databases", Integer.toString(TestRedis.DATABASES));
        container.start();
        return new TestRedis("redis://" + container.getHost() + ":" + container.getMappedPort(REDIS_PORT));
    }

    private static void requireEngine() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException(
                    "LEDGER_TEST_SERVICES=containers needs a container engine, and none answers");
        }
    }
}
