package io.pacioli.ledger.app.fuzz;

import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.CommandRecord;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.LedgerClient;
import io.pacioli.ledger.api.LedgerClientSettings;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.core.AccountLimits;
import io.pacioli.ledger.core.Command;
import io.pacioli.ledger.core.Outcome;
import io.pacioli.ledger.testkit.fuzz.Corpus;
import io.pacioli.ledger.testkit.fuzz.FuzzFailure;
import io.pacioli.ledger.testkit.fuzz.HostileHeaders;
import io.pacioli.ledger.testkit.fuzz.Mutator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to the command topic that are hardly commands, and well-formed commands in between. Of each the ledger's own reader says
 * what must become of it: what is malformed must be among the dead letters with its reason, and what is well must have its outcome.
 */
final class RecordFuzz {
    private static final int PERCENT = 100;
    private static final int ASK_EVERY = 100;
    private static final int KEY_BYTES_MAX = 60;
    private static final Duration OUTCOME_MAX = Duration.ofSeconds(60);
    private static final Duration LETTERS_MAX = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);

    private final Map<String, String> kafka;
    private final Topics topics;
    private final KafkaRouter router;
    private final List<String> commands;
    private final long seed;
    private final ConcurrentMap<String, String> expected = new ConcurrentHashMap<>();
    private final AtomicReference<@Nullable FuzzFailure> failure = new AtomicReference<>();
    private long tooLarge;

    /**
     * What became of them.
     *
     * @param records how many were written
     * @param deadLetters how many of them were malformed and are dead letters
     * @param outcomes how many commands in between had their outcome
     * @param slowestNanos of one such outcome
     */
    record Report(long records, long deadLetters, long outcomes, long slowestNanos) {}

    RecordFuzz(Map<String, String> kafka, Topics topics, int shards, Corpus corpus, long seed) {
        this.kafka = kafka;
        this.topics = topics;
        this.router = new KafkaRouter(shards);
        this.commands = corpus.records();
        this.seed = seed;
    }

    /** @throws FuzzFailure when something does not become what it must */
    Report run(long count, LongConsumer progress) {
        SplittableRandom random = new SplittableRandom(seed);
        long outcomes = 0;
        long slowestNanos = 0;
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
                LedgerClient client =
                        LedgerClient.connect(new LedgerClientSettings(kafka, topics, OUTCOME_MAX, ASK_EVERY))) {
            for (long number = 0; number < count; number++) {
                send(producer, record(random));
                if (number % ASK_EVERY == 0) {
                    long startNanos = System.nanoTime();
                    ask(client, number);
                    slowestNanos = Math.max(slowestNanos, System.nanoTime() - startNanos);
                    outcomes++;
                }
                progress.accept(number);
            }
            producer.flush();
        }
        FuzzFailure failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        int letters = expected.size();
        awaitDeadLetters();
        return new Report(count - tooLarge, letters, outcomes, slowestNanos);
    }

    private ProducerRecord<byte[], byte[]> record(SplittableRandom random) {
        byte[] value = random.nextInt(PERCENT) == 0 ? null : Mutator.next(random, commands);
        byte[] key = new byte[random.nextInt(KEY_BYTES_MAX)];
        random.nextBytes(key);
        return new ProducerRecord<>(
                topics.commands(),
                random.nextInt(router.shards()),
                null,
                random.nextInt(PERCENT) < 10 ? null : key,
                value,
                HostileHeaders.next(
                        random,
                        List.of(
                                topics.replies(),
                                "ledger.replies.none",
                                topics.journal(),
                                topics.commands(),
                                "no such topic!")));
    }

    private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
        var _ = producer.send(record, (metadata, exception) -> {
            if (exception instanceof RecordTooLargeException) {
                tooLarge++;
            } else if (exception != null) {
                failure.compareAndSet(null, new FuzzFailure("a record was not taken", exception));
            } else {
                String cause = Cause.of(metadata.topic(), metadata.partition(), metadata.offset());
                for (CommandRecord.Part part : CommandRecord.read(
                        record.key(),
                        record.value(),
                        record.headers(),
                        cause,
                        metadata.timestamp(),
                        metadata.partition(),
                        router)) {
                    if (part.what() instanceof CommandRecord.Malformed malformed) {
                        expected.put(
                                part.cause(), String.valueOf(malformed.reason().getMessage()));
                    }
                }
            }
        });
    }

    /** One command on each shard: none of them may stand still. */
    private void ask(LedgerClient client, long number) {
        CompletableFuture<?>[] outcomes = new CompletableFuture<?>[router.shards()];
        for (int shard = 0; shard < outcomes.length; shard++) {
            String account = accountOn(shard, number);
            outcomes[shard] = client.submit(
                            new Command.OpenAccount("ask-" + account, account, AccountLimits.DEFAULT, Map.of()))
                    .thenAccept(outcome -> {
                        if (!(outcome instanceof Outcome.Accepted)) {
                            throw new IllegalStateException(outcome.toString());
                        }
                    });
        }
        try {
            CompletableFuture.allOf(outcomes).get(OUTCOME_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new FuzzFailure("a shard does not decide: seed=" + seed + " number=" + number, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FuzzFailure("interrupted", e);
        }
    }

    private String accountOn(int shard, long number) {
        for (int i = 0; ; i++) {
            String account = "fuzz-" + seed + "-" + number + "-" + i;
            if (router.shardOf(account) == shard) {
                return account;
            }
        }
    }

    private void awaitDeadLetters() {
        Map<String, Object> properties = new HashMap<>(kafka);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topics.deadLetters()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadlineNanos = System.nanoTime() + LETTERS_MAX.toNanos();
            while (!expected.isEmpty()) {
                consumer.poll(POLL).forEach(this::take);
                if (System.nanoTime() > deadlineNanos) {
                    throw new FuzzFailure(expected.size() + " malformed records are no dead letters, such as "
                            + expected.entrySet().iterator().next() + ": seed=" + seed);
                }
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> letter) {
        String topic = String.valueOf(Headers.text(letter.headers(), Headers.DEAD_LETTER_TOPIC));
        int partition =
                Headers.integer(letter.headers(), Headers.DEAD_LETTER_PARTITION).orElse(-1);
        long offset = ByteBuffer.wrap(
                        letter.headers().lastHeader(Headers.DEAD_LETTER_OFFSET).value())
                .getLong();
        String reason = String.valueOf(Headers.text(letter.headers(), Headers.DEAD_LETTER_REASON));
        int index = Headers.integer(letter.headers(), Headers.BATCH_INDEX).orElse(Cause.NO_INDEX);
        String cause = Cause.ofPart(Cause.of(topic, partition, offset), index);
        String wanted = expected.remove(cause);
        if (wanted != null && !new String(Headers.text(wanted), StandardCharsets.UTF_8).equals(reason)) {
            throw new FuzzFailure(cause + " must be a dead letter because " + wanted + " but is one because " + reason);
        }
    }
}
