package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.Position;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Accepts every command of a topic at the position where it stands, and says so to who asks, or why it is none. */
final class Answerer implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> commands;
    private final KafkaProducer<byte[], byte[]> replies;
    private final UnaryOperator<byte[]> change;
    private final KafkaRouter router;
    private final Thread thread;
    private volatile boolean closed;

    private Answerer(Topics topics, int shards, UnaryOperator<byte[]> change) {
        this.change = change;
        router = new KafkaRouter(shards);
        Map<String, Object> properties = Map.of("bootstrap.servers", Broker.bootstrapServers());
        commands = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, shards)
                .mapToObj(shard -> new TopicPartition(topics.commands(), shard))
                .toList();
        commands.assign(partitions);
        commands.seekToBeginning(partitions);
        replies = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        thread = Thread.ofPlatform().daemon().name("answerer").start(this::run);
    }

    static Answerer start(Topics topics, int shards) {
        return new Answerer(topics, shards, value -> value);
    }

    /** Changes each answer on its way. */
    static Answerer start(Topics topics, int shards, UnaryOperator<byte[]> change) {
        return new Answerer(topics, shards, change);
    }

    private void run() {
        try (commands;
                replies) {
            while (!closed) {
                commands.poll(POLL).forEach(this::answer);
            }
        }
    }

    private void answer(ConsumerRecord<byte[], byte[]> record) {
        CommandRecord.read(
                        record.key(),
                        record.value(),
                        record.headers(),
                        Cause.of(record.topic(), record.partition(), record.offset()),
                        record.timestamp(),
                        record.partition(),
                        router)
                .forEach(part -> answer(record, part));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A lost reply fails the test that waits for it.
    private void answer(ConsumerRecord<byte[], byte[]> record, CommandRecord.Part part) {
        String topic = Headers.text(record.headers(), Headers.REPLY_TOPIC);
        if (topic != null) {
            int partition =
                    Headers.integer(record.headers(), Headers.REPLY_PARTITION).orElseThrow();
            ProducerRecord<byte[], byte[]> reply =
                    new ProducerRecord<>(topic, partition, null, change.apply(outcome(record, part)));
            reply.headers().add(record.headers().lastHeader(Headers.CORRELATION_ID));
            if (part.index() != Cause.NO_INDEX) {
                reply.headers().add(Headers.BATCH_INDEX, Headers.integer(part.index()));
            }
            replies.send(reply);
        }
    }

    private static byte[] outcome(ConsumerRecord<byte[], byte[]> record, CommandRecord.Part part) {
        if (part.what() instanceof CommandRecord.Malformed malformed) {
            return OutcomeCodec.encode(malformed.reason());
        }
        Command command = ((CommandRecord.Own) part.what()).input().command();
        return OutcomeCodec.encode(new Outcome.Accepted(
                command.id(), new Position(record.partition(), record.offset()), record.timestamp(), command.type()));
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
