package io.pacioli.ledger.projection.postgres;

import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Invariant;
import io.pacioli.ledger.testkit.TestServices;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A journal topic of a test's own, written in transactions as the processor does. */
final class JournalTopic implements AutoCloseable {
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final String prefix = TestServices.kafka().freshPrefix();
    private final Topics topics = Topics.withPrefix(prefix + "ledger");
    private final Map<String, String> kafka;
    private final KafkaProducer<byte[], byte[]> producer;
    private int written;

    JournalTopic(int shards) {
        this(shards, TestServices.kafka().bootstrapServers());
    }

    JournalTopic(int shards, String bootstrapServers) {
        kafka = Map.of("bootstrap.servers", bootstrapServers);
        try (Admin admin = Admin.create(Map.<String, Object>copyOf(kafka))) {
            LedgerTopics.ensure(admin, topics, new TopicSettings(shards, (short) 1));
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", prefix + "journal", "linger.ms", "5"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    Topics topics() {
        return topics;
    }

    Map<String, String> kafka() {
        return kafka;
    }

    /** A group that no other test uses. */
    String group() {
        return prefix + "projection";
    }

    /** Writes what the ledger has journaled since the last call, in one transaction. */
    void write(ScriptedLedger ledger) {
        List<ScriptedLedger.Journaled> records =
                ledger.journal().subList(written, ledger.journal().size());
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = records.stream()
                .map(record -> send(record.shard(), record.value()))
                .toList();
        producer.commitTransaction();
        Invariant.check(sent.stream().allMatch(Future::isDone), "a committed transaction has sent all its records");
        written = ledger.journal().size();
    }

    /** Writes records in a transaction that comes to nothing. */
    void writeAborted(ScriptedLedger.Journaled record)
            throws InterruptedException, ExecutionException, TimeoutException {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topics.journal(), record.shard(), null, record.value()))
                .get(10, TimeUnit.SECONDS);
        producer.abortTransaction();
    }

    /** Leaves out what the ledger has journaled since the last write, as no processor would. */
    void skip(ScriptedLedger ledger) {
        written = ledger.journal().size();
    }

    private Future<RecordMetadata> send(int shard, byte[] value) {
        return producer.send(new ProducerRecord<>(topics.journal(), shard, null, value));
    }

    @Override
    public void close() {
        producer.close(CLOSE_MAX);
    }
}
