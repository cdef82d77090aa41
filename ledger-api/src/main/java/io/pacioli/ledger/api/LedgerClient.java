package io.pacioli.ledger.api;

import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.Outcome;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends commands to a ledger and hears of their outcomes.
 *
 * <p>Thread safe; one for a whole process is best, as it batches over all callers. It reads one partition of the shared reply
 * topic, chosen at random, and skips what other clients find there. A command that was sent and whose outcome did not come in time
 * may still take effect: send it again with the same id, and the ledger answers with the one outcome it has.
 */
public final class LedgerClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerClient.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofMillis(500);

    /** Whose command it is, the number of the first in its record, and how many are in that. */
    private static final int CORRELATION_BYTES = 2 * Long.BYTES + Integer.BYTES;

    /** Stands in a list until the command's own is there. */
    private static final Submission NOTHING = new Submission(new CompletableFuture<>(), new CompletableFuture<>());

    private final LedgerClientSettings settings;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> replies;
    private final Thread listener;
    private final byte[] replyTopic;
    private final byte[] replyPartition;
    private final long nonce = new SecureRandom().nextLong();
    private final AtomicLong lastNumber = new AtomicLong();
    private final Map<Long, CompletableFuture<Outcome>> pending = new ConcurrentHashMap<>();
    private final Semaphore inFlight;
    private volatile boolean closed;

    private LedgerClient(
            LedgerClientSettings settings,
            Producer<byte[], byte[]> producer,
            Consumer<byte[], byte[]> replies,
            TopicPartition replyFrom) {
        this.settings = settings;
        this.producer = producer;
        this.replies = replies;
        replyTopic = Headers.text(replyFrom.topic());
        replyPartition = Headers.integer(replyFrom.partition());
        inFlight = new Semaphore(settings.inFlightMax());
        listener = Thread.ofPlatform().daemon().name("ledger-client-replies").unstarted(this::listen);
    }

    /**
     * Connects. Returns when every outcome from now on will be heard.
     *
     * @throws KafkaException when the cluster cannot be reached in time, or the reply topic does not exist
     */
    public static LedgerClient connect(LedgerClientSettings settings) {
        Consumer<byte[], byte[]> replies = new KafkaConsumer<>(consumerProperties(settings));
        try {
            TopicPartition replyFrom = replyPartition(replies, settings);
            replies.assign(List.of(replyFrom));
            replies.seekToEnd(List.of(replyFrom));
            replies.position(replyFrom, settings.timeout());
            LedgerClient client =
                    new LedgerClient(settings, new KafkaProducer<>(producerProperties(settings)), replies, replyFrom);
            client.listener.start();
            return client;
        } catch (RuntimeException e) {
            replies.close();
            throw e;
        }
    }

    /**
     * Sends a command and waits for its outcome in the background, as long as the settings say.
     *
     * @return completes with the outcome: accepted, rejected, or pending when a transfer waits for its time, and whoever sends it
     *     again later hears what became of it; exceptionally with {@link java.util.concurrent.TimeoutException} when none came in
     *     time, {@link KafkaException} when the command was not acknowledged, or {@link TooManyInFlightException} when nothing was
     *     sent
     */
    public CompletableFuture<Outcome> submit(Command command) {
        return submit(command, settings.timeout()).outcome();
    }

    /**
     * Like {@link #submit(Command)}, and tells besides when the broker has the command.
     *
     * <p>The futures complete on the client's own threads: what depends on them must not block.
     *
     * @param timeout how long to wait for the outcome, more than zero, longer than 292 years is for ever; the acknowledgement has the
     *     time that the settings give it
     */
    public Submission submit(Command command, Duration timeout) {
        PackedCommands packed = PackedCommands.of(command);
        if (!inFlight.tryAcquire()) {
            return refused();
        }
        return submit(packed, nanos(timeout)).getFirst();
    }

    /**
     * Sends many commands in as few records as they fit in, see {@link Batch}: bulk payouts and imports take less of everybody's time so.
     * Those of a shard are decided in their order; each has its own outcome, and is decided whatever becomes of the others.
     *
     * @param timeout how long to wait for the outcomes, more than zero, longer than 292 years is for ever
     * @return what becomes of each, in the order given; all of them fail with {@link TooManyInFlightException} and nothing is sent when
     *     they are more than may be in flight
     */
    public List<Submission> submitAll(List<Command> commands, Duration timeout) {
        List<PackedCommands> packed;
        try {
            packed = pack(commands);
        } catch (KafkaException | IllegalStateException e) {
            return Collections.nCopies(commands.size(), failed(e));
        }
        if (!inFlight.tryAcquire(commands.size())) {
            return Collections.nCopies(commands.size(), refused());
        }
        List<Submission> submissions = new ArrayList<>(Collections.nCopies(commands.size(), NOTHING));
        for (PackedCommands record : packed) {
            List<Submission> own = submit(record, nanos(timeout));
            for (int i = 0; i < own.size(); i++) {
                submissions.set(record.numbers().get(i), own.get(i));
            }
        }
        return submissions;
    }

    /** Like {@link #submitAll(List, Duration)}, with the time that the settings give, and tells of the outcomes only. */
    public List<CompletableFuture<Outcome>> submitAll(List<Command> commands) {
        return submitAll(commands, settings.timeout()).stream()
                .map(Submission::outcome)
                .toList();
    }

    /** The nanoseconds of a timeout, as many as there can be when it has more: nothing may fail once there are places to give back. */
    private static long nanos(Duration timeout) {
        return TimeUnit.NANOSECONDS.convert(timeout);
    }

    /** Sends one record, for whose commands there are places. */
    private List<Submission> submit(PackedCommands packed, long timeoutNanos) {
        int count = packed.numbers().size();
        long first = lastNumber.getAndAdd(count) + 1;
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        List<CompletableFuture<Outcome>> replies = new ArrayList<>(count);
        List<Submission> submissions = new ArrayList<>(count);
        for (long number = first; number < first + count; number++) {
            long own = number;
            CompletableFuture<Outcome> reply =
                    new CompletableFuture<Outcome>().orTimeout(timeoutNanos, TimeUnit.NANOSECONDS);
            pending.put(own, reply);
            replies.add(reply);
            CompletableFuture<Outcome> outcome = reply.whenComplete((value, failure) -> {
                pending.remove(own);
                inFlight.release();
            });
            submissions.add(new Submission(acknowledged, outcome));
        }
        ProducerRecord<byte[], byte[]> record = record(packed);
        byte[] correlation = ByteBuffer.allocate(CORRELATION_BYTES)
                .putLong(nonce)
                .putLong(first)
                .putInt(count)
                .array();
        record.headers()
                .add(Headers.REPLY_TOPIC, replyTopic)
                .add(Headers.REPLY_PARTITION, replyPartition)
                .add(Headers.CORRELATION_ID, correlation);
        send(record, (metadata, failure) -> {
            if (failure == null) {
                acknowledged.complete(metadata);
            } else {
                acknowledged.completeExceptionally(failure);
                replies.forEach(reply -> reply.completeExceptionally(failure));
            }
        });
        return submissions;
    }

    private Submission refused() {
        return failed(new TooManyInFlightException(settings.inFlightMax()));
    }

    private static Submission failed(RuntimeException failure) {
        return new Submission(CompletableFuture.failedFuture(failure), CompletableFuture.failedFuture(failure));
    }

    /**
     * Sends a command without asking for its outcome.
     *
     * @return completes when the broker has acknowledged it, after which it will be decided; exceptionally with
     *     {@link KafkaException} otherwise
     */
    public CompletableFuture<RecordMetadata> send(Command command) {
        return send(PackedCommands.of(command));
    }

    /**
     * Sends many commands in as few records as they fit in, without asking for their outcomes.
     *
     * @return for each, in the order given, what {@link #send(Command)} returns
     */
    public List<CompletableFuture<RecordMetadata>> sendAll(List<Command> commands) {
        List<CompletableFuture<RecordMetadata>> acknowledged =
                new ArrayList<>(Collections.nCopies(commands.size(), NOTHING.acknowledged()));
        try {
            for (PackedCommands record : pack(commands)) {
                CompletableFuture<RecordMetadata> sent = send(record);
                record.numbers().forEach(number -> acknowledged.set(number, sent));
            }
            return acknowledged;
        } catch (KafkaException | IllegalStateException e) {
            return Collections.nCopies(commands.size(), CompletableFuture.failedFuture(e));
        }
    }

    private CompletableFuture<RecordMetadata> send(PackedCommands packed) {
        CompletableFuture<RecordMetadata> acknowledged = new CompletableFuture<>();
        send(record(packed), (metadata, failure) -> {
            if (failure == null) {
                acknowledged.complete(metadata);
            } else {
                acknowledged.completeExceptionally(failure);
            }
        });
        return acknowledged;
    }

    /** Looks up how many shards there are, which the producer knows as long as it sends. */
    private List<PackedCommands> pack(List<Command> commands) {
        int shards = producer.partitionsFor(settings.topics().commands()).size();
        return PackedCommands.of(commands, new KafkaRouter(shards));
    }

    /** Waits until everything sent so far is acknowledged or has failed. */
    public void flush() {
        producer.flush();
    }

    /** How many commands wait for their outcome. */
    public int inFlight() {
        return pending.size();
    }

    /** Stops within 10 s. Outcomes that are still awaited fail; their commands may take effect all the same. */
    @Override
    public void close() {
        closed = true;
        producer.close(CLOSE);
        replies.wakeup();
        try {
            listener.join(CLOSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pending.values().forEach(p -> p.completeExceptionally(new KafkaException("the client was closed")));
    }

    private ProducerRecord<byte[], byte[]> record(PackedCommands packed) {
        return new ProducerRecord<>(settings.topics().commands(), Headers.text(packed.routingKey()), packed.value());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The callback hears of success and failure alike.
    private void send(ProducerRecord<byte[], byte[]> record, Callback callback) {
        try {
            producer.send(record, callback);
        } catch (KafkaException | IllegalStateException e) {
            callback.onCompletion(null, e);
        }
    }

    private void listen() {
        try (replies) {
            while (!closed) {
                try {
                    replies.poll(POLL).forEach(this::receive);
                } catch (WakeupException e) {
                    LOG.debug("woken to close");
                } catch (RuntimeException e) {
                    // Whatever it is: without this thread no outcome would ever be heard again.
                    LOG.warn("cannot read replies, trying again: {}", e.toString());
                    pause();
                }
            }
        }
    }

    private void receive(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Headers.CORRELATION_ID);
        if (header == null || header.value() == null || header.value().length != CORRELATION_BYTES) {
            return;
        }
        ByteBuffer correlation = ByteBuffer.wrap(header.value());
        if (correlation.getLong() != nonce) {
            return;
        }
        long first = correlation.getLong();
        int count = correlation.getInt();
        OptionalInt index = Headers.integer(record.headers(), Headers.BATCH_INDEX);
        if (index.isPresent() || count == 1) {
            if (index.orElse(0) >= 0 && index.orElse(0) < count) {
                receive(record, first + index.orElse(0));
            }
        } else if (record.value() != null) {
            refused(record.value(), first, Math.min(count, Batch.COMMANDS_MAX));
        }
    }

    private void receive(ConsumerRecord<byte[], byte[]> record, long number) {
        CompletableFuture<Outcome> outcome = pending.get(number);
        if (outcome == null || record.value() == null) {
            return;
        }
        try {
            outcome.complete(OutcomeCodec.decode(record.value()));
        } catch (MalformedException e) {
            outcome.completeExceptionally(e);
        }
    }

    /** A batch that has gone to the dead letters as a whole has one reply, without an index: it is about all commands in it. */
    private void refused(byte[] reply, long first, int count) {
        try {
            Outcome outcome = OutcomeCodec.decode(reply);
            LOG.warn("an outcome does not say which command of its batch it is about: {}", outcome);
        } catch (MalformedException e) {
            for (long number = first; number < first + count; number++) {
                CompletableFuture<Outcome> outcome = pending.get(number);
                if (outcome != null) {
                    outcome.completeExceptionally(e);
                }
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static TopicPartition replyPartition(Consumer<byte[], byte[]> consumer, LedgerClientSettings settings) {
        String topic = settings.topics().replies();
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, settings.timeout());
        if (partitions.isEmpty()) {
            throw new KafkaException("topic " + topic + " does not exist; start a processor first");
        }
        return new TopicPartition(topic, new SecureRandom().nextInt(partitions.size()));
    }

    private static Map<String, Object> consumerProperties(LedgerClientSettings settings) {
        Map<String, Object> properties = new HashMap<>(settings.kafka());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }

    private static Map<String, Object> producerProperties(LedgerClientSettings settings) {
        int timeoutMillis = Math.clamp(settings.timeout().toMillis(), 1_000, Integer.MAX_VALUE);
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeoutMillis);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(timeoutMillis / 2, 30_000));
        properties.putAll(settings.kafka());
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return properties;
    }
}
