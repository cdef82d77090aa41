package io.pacioli.ledger.app.chaos;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Gives the records of a client the time of a clock that is wrong. Kafka's clients make it by its name. */
public final class WrongClock implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
    /** The setting that says by how many milliseconds it is wrong. */
    static final String AHEAD_MILLIS = "ledger.chaos.clock.ahead.ms";

    private long aheadMillis;

    /** For Kafka's clients. */
    public WrongClock() {}

    @Override
    public void configure(Map<String, ?> settings) {
        aheadMillis = Long.parseLong(String.valueOf(settings.get(AHEAD_MILLIS)));
    }

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                System.currentTimeMillis() + aheadMillis,
                record.key(),
                record.value(),
                record.headers());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
