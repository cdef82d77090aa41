package io.pacioli.ledger.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Small clients that show whether a server really serves. */
final class Probe {
    private static final long SECONDS_MAX = 30;

    private Probe() {}

    /** Sends one command over a plain socket and returns the first line of the answer, or the second of a bulk string. */
    static String redis(EmbeddedRedis server, String... command) throws IOException {
        try (Socket socket = new Socket(InetAddress.ofLiteral(EmbeddedServer.HOST), server.port())) {
            StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
            for (String part : command) {
                request.append('$')
                        .append(part.length())
                        .append("\r\n")
                        .append(part)
                        .append("\r\n");
            }
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            String first = String.valueOf(answer.readLine());
            return first.startsWith("$") ? String.valueOf(answer.readLine()) : first;
        }
    }

    /** Runs a statement and returns the first column of its first row, or the empty string when it has none. */
    static String sql(EmbeddedPostgres server, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
                var prepared = connection.prepareStatement(statement)) {
            if (!prepared.execute()) {
                return "";
            }
            try (var rows = prepared.getResultSet()) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        }
    }

    static void createTopic(EmbeddedKafka server, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get(SECONDS_MAX, TimeUnit.SECONDS);
        }
    }

    static long feature(EmbeddedKafka server, String feature) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            var features = admin.describeFeatures().featureMetadata().get(SECONDS_MAX, TimeUnit.SECONDS);
            var level = features.finalizedFeatures().get(feature);
            return level == null ? 0 : level.maxVersionLevel();
        }
    }

    static void produceInTransaction(EmbeddedKafka server, String topic, String... values) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", server.bootstrapServers(), "transactional.id", "probe");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String value : values) {
                var sent = producer.send(new ProducerRecord<>(topic, value));
                producer.flush();
                sent.get(SECONDS_MAX, TimeUnit.SECONDS);
            }
            producer.commitTransaction();
        }
    }

    /**
     * The committed values of the topic's one partition, at least {@code count} unless the bound passes first: a commit is
     * acknowledged a little before readers see it.
     */
    static List<String> committed(EmbeddedKafka server, String topic, int count) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", server.bootstrapServers(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            List<String> values = new ArrayList<>();
            long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
            while (values.size() < count && System.nanoTime() - deadlineNanos < 0) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
            return values;
        }
    }

    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
