package io.pacioli.ledger.gateway;

import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.OutcomeCodec;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.Decision;
import io.pacioli.ledger.core.InMemoryShard;
import io.pacioli.ledger.core.Input;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Decides the commands of a topic with the real core on the heap, and answers those that ask for it. Not exactly once. */
final class Responder implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    private final Topics topics;
    private final Ledger ledger;
    private final List<InMemoryShard> shards;
    private final KafkaConsumer<byte[], byte[]> commands;
    private final KafkaProducer<byte[], byte[]> replies;
    private final Thread thread;
    private volatile boolean closed;

    private Responder(String bootstrapServers, Topics topics, int shardCount) {
        this.topics = topics;
        ledger = new Ledger(new KafkaRouter(shardCount));
        shards = IntStream.range(0, shardCount).mapToObj(InMemoryShard::new).toList();
        ShardConfiguration configuration = new ShardConfiguration(shardCount, 60_000, 1_000);
        shards.forEach(shard -> decide(new Input.ConfigurationInput(configuration, "start", 0), shard));
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
        commands = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = IntStream.range(0, shardCount)
                .mapToObj(shard -> new TopicPartition(topics.commands(), shard))
                .toList();
        commands.assign(partitions);
        commands.seekToBeginning(partitions);
        replies = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        thread = Thread.ofPlatform().daemon().name("responder").unstarted(this::run);
    }

    static Responder start(String bootstrapServers, Topics topics, int shardCount) {
        Responder responder = new Responder(bootstrapServers, topics, shardCount);
        responder.thread.start();
        return responder;
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
        String place = Cause.of(topics.commands(), record.partition(), record.offset());
        CommandRecord.read(
                        record.key(),
                        record.value(),
                        record.headers(),
                        place,
                        record.timestamp(),
                        record.partition(),
                        new KafkaRouter(shards.size()))
                .forEach(part -> answer(record, part));
    }

    private void answer(ConsumerRecord<byte[], byte[]> record, CommandRecord.Part part) {
        switch (part.what()) {
            case CommandRecord.Own own ->
                reply(
                        record,
                        part.index(),
                        OutcomeCodec.encode(Objects.requireNonNull(
                                decide(own.input(), shards.get(record.partition())), "an outcome")));
            case CommandRecord.Malformed malformed ->
                reply(record, part.index(), OutcomeCodec.encode(malformed.reason()));
            case CommandRecord.Misrouted misrouted -> throw new IllegalStateException(misrouted.toString());
            case CommandRecord.OfTick tick -> {}
        }
    }

    /** Decides with all that follows from it, so that the outcome of a transaction across shards is the one that it comes to. */
    private @Nullable Outcome decide(Input input, InMemoryShard shard) {
        return switch (ledger.decide(input, shard)) {
            case Decision.Ignored ignored -> null;
            case Decision.Repeated repeated -> repeated.outcome();
            case Decision.Journaled journaled -> {
                journaled.entries().forEach(entry -> ledger.evolve(shard, entry));
                Outcome outcome = journaled.outcome();
                for (Transit transit : journaled.transit()) {
                    Outcome later = decide(
                            new Input.TransitInput(transit, "transit", input.atMillis()), shards.get(transit.to()));
                    outcome = later == null ? outcome : later;
                }
                yield outcome;
            }
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // A lost reply fails the test that waits for it.
    private void reply(ConsumerRecord<byte[], byte[]> record, int index, byte[] value) {
        String topic = Headers.text(record.headers(), Headers.REPLY_TOPIC);
        if (topic != null) {
            int partition =
                    Headers.integer(record.headers(), Headers.REPLY_PARTITION).orElseThrow();
            ProducerRecord<byte[], byte[]> reply = new ProducerRecord<>(topic, partition, null, value);
            reply.headers().add(record.headers().lastHeader(Headers.CORRELATION_ID));
            if (index != Cause.NO_INDEX) {
                reply.headers().add(Headers.BATCH_INDEX, Headers.integer(index));
            }
            replies.send(reply);
        }
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
