package io.pacioli.ledger.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.api.LedgerTopics;
import io.pacioli.ledger.api.TopicSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Transactions and groups as Kafka Streams names them, on a real broker. */
final class LeftTransactionsIT {
    private final LiveLedger ledger = LiveLedger.fresh(1);
    private final String application = ledger.prefix() + "-processor";
    private final UUID dead = UUID.randomUUID();
    private final UUID alive = UUID.randomUUID();
    private final String own = application + "-" + alive + "-StreamThread-1-consumer";
    private final Admin admin = ledger.admin();
    private final LeftTransactions left = new LeftTransactions(admin, application, own);
    private KafkaProducer<byte[], byte[]> ofTheDead;
    private KafkaProducer<byte[], byte[]> ofTheLiving;

    @BeforeEach
    void begin() {
        LedgerTopics.ensure(admin, ledger.topics, new TopicSettings(1, (short) 1));
        ofTheDead = writing(application + "-" + dead + "-1");
        ofTheLiving = writing(application + "-" + alive + "-1");
    }

    @AfterEach
    void end() {
        ofTheDead.close(Duration.ZERO);
        ofTheLiving.close(Duration.ZERO);
        admin.close();
    }

    @Test
    void onlyWhoIsNoMemberAnyMoreLosesWhatIsOpen() {
        try (KafkaConsumer<byte[], byte[]> member = member(own)) {
            left.abort();

            assertThatThrownBy(ofTheDead::commitTransaction).isInstanceOf(KafkaException.class);
            assertThatCode(ofTheLiving::commitTransaction).doesNotThrowAnyException();
            Await.until(
                    "readers of committed records are not held up",
                    () -> end(IsolationLevel.READ_COMMITTED) == end(IsolationLevel.READ_UNCOMMITTED));
            assertThat(member.groupMetadata().groupId()).isEqualTo(application);
        }
    }

    /** An operator may name clients otherwise; nobody can be told from the dead by such a name. */
    @Test
    void amongMembersOfOtherNamesNobodyLosesAnything() {
        try (KafkaConsumer<byte[], byte[]> member = member("processor-of-berlin")) {
            left.abort();

            assertThat(member.groupMetadata().groupId()).isEqualTo(application);
            assertThatCode(ofTheDead::commitTransaction).doesNotThrowAnyException();
            assertThatCode(ofTheLiving::commitTransaction).doesNotThrowAnyException();
        }
    }

    /** Names that look like those of processes and are the operator's: the transactions of all would seem to be nobody's. */
    @Test
    void whoDoesNotFindItselfAmongTheMembersAbortsNothing() {
        try (KafkaConsumer<byte[], byte[]> member =
                member(application + "-" + UUID.randomUUID() + "-StreamThread-1-consumer")) {
            left.abort();

            assertThat(member.groupMetadata().groupId()).isEqualTo(application);
            assertThatCode(ofTheDead::commitTransaction).doesNotThrowAnyException();
            assertThatCode(ofTheLiving::commitTransaction).doesNotThrowAnyException();
        }
    }

    @Test
    void whoComesBackAbortsWhatItLeftItself() {
        left.abortOwn();

        assertThatThrownBy(ofTheLiving::commitTransaction).isInstanceOf(KafkaException.class);
        assertThatCode(ofTheDead::commitTransaction).doesNotThrowAnyException();
    }

    @Test
    void anotherApplicationsAreLeftAlone() {
        String longer = application + "-of-another";
        try (KafkaConsumer<byte[], byte[]> member = member(own);
                KafkaProducer<byte[], byte[]> other = writing(longer + "-" + UUID.randomUUID() + "-1")) {
            left.abort();

            assertThat(member.groupMetadata().groupId()).isEqualTo(application);
            assertThatCode(other::commitTransaction).doesNotThrowAnyException();
        }
    }

    /** A producer in the middle of a transaction. */
    private KafkaProducer<byte[], byte[]> writing(String transactionalId) {
        KafkaProducer<byte[], byte[]> producer =
                ledger.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId));
        producer.initTransactions();
        producer.beginTransaction();
        LiveLedger.get(producer.send(new ProducerRecord<>(ledger.topics.journal(), 0, null, new byte[] {1})));
        return producer;
    }

    /** A consumer that the group has taken in. */
    private KafkaConsumer<byte[], byte[]> member(String clientId) {
        Map<String, Object> properties = new HashMap<>(ledger.kafka);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, application);
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(ledger.topics.commands()));
        Await.until("it is a member", () -> {
            consumer.poll(Duration.ofMillis(50));
            return !consumer.assignment().isEmpty();
        });
        return consumer;
    }

    private long end(IsolationLevel isolation) {
        TopicPartition journal = new TopicPartition(ledger.topics.journal(), 0);
        return LiveLedger.get(admin.listOffsets(Map.of(journal, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
                        .partitionResult(journal)
                        .toCompletionStage()
                        .toCompletableFuture())
                .offset();
    }
}
