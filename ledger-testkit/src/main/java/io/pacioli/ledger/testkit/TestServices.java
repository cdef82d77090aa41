package io.pacioli.ledger.testkit;

import io.pacioli.ledger.embedded.EmbeddedKafka;
import io.pacioli.ledger.embedded.EmbeddedPostgres;
import io.pacioli.ledger.embedded.EmbeddedRedis;
import io.pacioli.ledger.embedded.ServerConfig;

/**
 * Real services for tests, each started when it is first asked for, once per JVM, with fresh data, and stopped when the JVM
 * ends. Tests share them and keep apart by fresh databases and topic prefixes.
 *
 * <p>They are the embedded ones, unless the environment variable {@code LEDGER_TEST_SERVICES} is {@code containers}: then they
 * are containers, and a missing container engine is a failure, never a reason to skip. All methods may be called from any
 * thread.
 */
public final class TestServices {
    private static final int KAFKA_HEAP_MEGABYTES = 384;

    private TestServices() {}

    /** A Kafka broker. */
    public static TestKafka kafka() {
        return KafkaHolder.SERVICE;
    }

    /** A PostgreSQL server. */
    public static TestPostgres postgres() {
        return PostgresHolder.SERVICE;
    }

    /** A Redis server. */
    public static TestRedis redis() {
        return RedisHolder.SERVICE;
    }

    private static boolean containers() {
        return "containers".equals(System.getenv("LEDGER_TEST_SERVICES"));
    }

    /** Each holder is initialized on first use, under the JVM's own lock. */
    private static final class KafkaHolder {
        static final TestKafka SERVICE = containers() ? ContainerServices.kafka() : embedded();

        private static TestKafka embedded() {
            EmbeddedKafka kafka = EmbeddedKafka.start(ServerConfig.fresh().withHeapMegabytes(KAFKA_HEAP_MEGABYTES));
            closeAtExit(kafka::close);
            return new TestKafka(kafka.bootstrapServers());
        }
    }

    private static final class PostgresHolder {
        static final TestPostgres SERVICE = containers() ? ContainerServices.postgres() : embedded();

        private static TestPostgres embedded() {
            EmbeddedPostgres postgres = EmbeddedPostgres.start(ServerConfig.fresh());
            closeAtExit(postgres::close);
            return new TestPostgres(postgres.jdbcUrl(""), postgres.jdbcUrl(), postgres.username(), postgres.password());
        }
    }

    private static final class RedisHolder {
        static final TestRedis SERVICE = containers() ? ContainerServices.redis() : embedded();

        private static TestRedis embedded() {
            EmbeddedRedis redis = EmbeddedRedis.start(ServerConfig.fresh());
            closeAtExit(redis::close);
            return new TestRedis(redis.uri());
        }
    }

    private static void closeAtExit(Runnable close) {
        Runtime.getRuntime().addShutdownHook(new Thread(close, "close-test-service"));
    }
}
