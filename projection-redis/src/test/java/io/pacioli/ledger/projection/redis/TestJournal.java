package io.pacioli.ledger.projection.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.testkit.TestServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A journal topic that a ledger on the heap is written to in transactions, some of them aborted, as a processor would. */
final class TestJournal implements AutoCloseable {
    private static final int TRANSACTION_RECORDS_MAX = 100;

    private static final int ABORTED_EVERY = 5 * TRANSACTION_RECORDS_MAX;

    final Topics topics;
    private final Map<String, String> kafka;
    private final TestLedger ledger;
    private final KafkaProducer<byte[], byte[]> producer;
    private final int[] written;

    TestJournal(TestLedger ledger) throws Exception {
        this(ledger, kafka());
    }

    /** @param kafka what clients need to reach the brokers */
    TestJournal(TestLedger ledger, Map<String, String> kafka) throws Exception {
        this.kafka = kafka;
        String prefix = TestServices.kafka().freshPrefix();
        this.ledger = ledger;
        this.written = new int[ledger.shards()];
        this.topics = Topics.withPrefix(prefix + "ledger");
        try (Admin admin = Admin.create(kafkaObjects())) {
            admin.createTopics(List.of(new NewTopic(topics.journal(), ledger.shards(), (short) 1)))
                    .all()
                    .get(30, TimeUnit.SECONDS);
        }
        Map<String, Object> config = kafkaObjects();
        config.put("transactional.id", prefix + "processor");
        this.producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
    }

    /** What consumers need to reach the broker. */
    static Map<String, String> kafka() {
        return Map.of("bootstrap.servers", TestServices.kafka().bootstrapServers());
    }

    private Map<String, Object> kafkaObjects() {
        return new HashMap<>(kafka);
    }

    /** Writes what the ledger has journaled since the last time. */
    void write() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int shard = 0; shard < written.length; shard++) {
            List<byte[]> journal = ledger.journal(shard);
            for (byte[] entry : journal.subList(written[shard], journal.size())) {
                records.add(new ProducerRecord<>(topics.journal(), shard, null, entry));
            }
            written[shard] = journal.size();
        }
        for (int first = 0; first < records.size(); first += TRANSACTION_RECORDS_MAX) {
            List<ProducerRecord<byte[], byte[]>> some =
                    records.subList(first, Math.min(first + TRANSACTION_RECORDS_MAX, records.size()));
            if (first % ABORTED_EVERY == 0) {
                transact(some.subList(0, 1), false);
            }
            transact(some, true);
        }
    }

    /** The records of a shard as a projector reads them. */
    List<ConsumerRecord<byte[], byte[]>> read(int shard) {
        Map<String, Object> config = kafkaObjects();
        config.put("isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topics.journal(), shard);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (records.size() < written[shard]) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Leaves out an entry of a shard. */
    void skip(int shard) {
        written[shard]++;
    }

    private void transact(List<ProducerRecord<byte[], byte[]>> records, boolean commit) {
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        if (commit) {
            producer.commitTransaction();
        } else {
            producer.flush();
            assertThat(sent).allMatch(Future::isDone);
            producer.abortTransaction();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
