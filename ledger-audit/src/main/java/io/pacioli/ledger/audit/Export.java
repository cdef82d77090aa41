package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.ArchivedRecord;
import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.ExportManifest;
import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.JournalCodec;
import io.pacioli.ledger.api.KafkaRouter;
import io.pacioli.ledger.api.Topics;
import io.pacioli.ledger.api.TransitCodec;
import io.pacioli.ledger.api.state.KeyedHash;
import io.pacioli.ledger.core.Ledger;
import io.pacioli.ledger.core.MalformedException;
import io.pacioli.ledger.core.ShardConfiguration;
import io.pacioli.ledger.core.Transit;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Copies all topics of a ledger into files, byte for byte, as they are at one moment; the ledger may go on meanwhile.
 *
 * <p>The moment: where each shard's journal ends when the export begins, and read on from there until every message that one shard has
 * received was sent by another. Of commands all is copied that was there then or came a little later, whether the
 * journal knows of it yet or not; of messages what the exported journal has sent. The journal is folded on its way, so what is copied is whole, and where each shard stands is known.
 *
 * <p>Reads only. Memory grows with the accounts and with what the ledger itself remembers. The manifest is written last: a directory
 * without one is no export.
 */
public final class Export {
    private static final Duration POLL = Duration.ofMillis(200);

    /** How often the senders of messages are read on to where they are by then. */
    private static final int CLOSING_ROUNDS_MAX = 100;

    private final Topics topics;
    private final ExportWriter writer;
    private final Progress progress;
    private final Consumer<byte[], byte[]> committed;
    private final Consumer<byte[], byte[]> all;
    private final Map<TopicPartition, Copy> copies = new LinkedHashMap<>();
    private final List<ShardCopy> shards = new ArrayList<>();

    /**
     * @param committed reads what is committed
     * @param all is asked for the ends of what is not committed too
     */
    Export(
            Topics topics,
            ExportWriter writer,
            Progress progress,
            Consumer<byte[], byte[]> committed,
            Consumer<byte[], byte[]> all) {
        this.topics = topics;
        this.writer = writer;
        this.progress = progress;
        this.committed = committed;
        this.all = all;
    }

    /**
     * Exports.
     *
     * @param kafka properties of Kafka's clients; must hold {@code bootstrap.servers}; the user needs to read, and nothing else
     * @param topics the ledger's topics
     * @param directory where to; must be empty or not exist
     * @param progress hears how many offsets have been copied
     * @return what was written to the manifest
     * @throws AuditException when the topics cannot be read, the journal is damaged, or the directory cannot be written
     */
    public static ExportManifest run(Map<String, String> kafka, Topics topics, Path directory, Progress progress) {
        Map<String, Object> properties = JournalFold.properties(kafka);
        Map<String, Object> uncommitted = new HashMap<>(properties);
        uncommitted.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        try (ExportWriter writer = new ExportWriter(directory);
                Consumer<byte[], byte[]> committed = new KafkaConsumer<>(properties);
                Consumer<byte[], byte[]> all = new KafkaConsumer<>(uncommitted)) {
            return new Export(topics, writer, progress, committed, all).run();
        } catch (KafkaException e) {
            throw new AuditException("the topics cannot be read: " + e.getMessage(), e);
        }
    }

    ExportManifest run() {
        long createdAtMillis = System.currentTimeMillis();
        List<TopicPartition> journal = partitions(topics.journal());
        KafkaRouter router = new KafkaRouter(journal.size());
        Ledger ledger = new Ledger(router);
        KeyedHash hash = new KeyedHash(new SecureRandom().nextLong());
        for (TopicPartition partition : journal) {
            ShardBooks books = new ShardBooks(partition.partition(), router, ledger, hash);
            ShardCopy shard = new ShardCopy(books);
            shards.add(shard);
            copies.put(partition, new Copy(partition, shard::reads));
        }
        List<TopicPartition> inputs = new ArrayList<>();
        inputs.addAll(copied(topics.commands(), record -> true));
        inputs.addAll(copied(topics.transit(), this::isSent));
        for (TopicPartition partition : known(topics.deadLetters())) {
            copies.put(partition, new Copy(partition, this::isBeforeTheCut));
            inputs.add(partition);
        }
        List<TopicPartition> checkpoints = known(topics.checkpoints());
        checkpoints.forEach(partition -> copies.put(partition, new Copy(partition, record -> true)));
        committed.assign(copies.keySet());
        all.assign(copies.keySet());
        begin(copies.keySet());
        // Before the journal, so that none of them is about an entry that is not exported.
        end(checkpoints, all);
        copy(checkpoints);
        end(journal, committed);
        end(inputs, all);
        copyJournal();
        // What the journals have used and sent is in the inputs by now, though some of it may still be waiting for its
        // marker.
        end(inputs, all);
        copy(inputs);
        return manifest(createdAtMillis);
    }

    private List<TopicPartition> copied(String topic, Predicate<ConsumerRecord<byte[], byte[]>> filter) {
        List<TopicPartition> partitions = partitions(topic);
        if (partitions.size() != shards.size()) {
            throw new AuditException(
                    "topic " + topic + " must have as many partitions as the journal: " + shards.size());
        }
        partitions.forEach(partition -> copies.put(partition, new Copy(partition, filter)));
        return partitions;
    }

    /** A message that no exported entry has sent is left out: whoever goes on from the export decides again what sends it. */
    private boolean isSent(ConsumerRecord<byte[], byte[]> record) {
        try {
            Transit message = TransitCodec.decode(record.value());
            boolean isPlaced = message.from() < shards.size() && message.to() < shards.size();
            return !isPlaced
                    || message.number()
                            <= shards.get(message.from())
                                    .books()
                                    .state()
                                    .channel(message.to())
                                    .sent();
        } catch (MalformedException e) {
            throw new AuditException(
                    "the message at " + record.topic() + "-" + record.partition() + "@" + record.offset()
                            + " cannot be read, see ledger audit: " + e.getMessage(),
                    e);
        }
    }

    /** Folds a shard's journal on its way, and notes which of its inputs it has used. */
    private final class ShardCopy {
        private final ShardFold fold;
        private long commandsNext;
        private long transitNext;

        ShardCopy(ShardBooks books) {
            fold = new ShardFold(books, topics.journal());
        }

        boolean reads(ConsumerRecord<byte[], byte[]> record) {
            String cause = record.value() == null
                    ? null
                    : EntryScan.cause(record.value(), fold.books().sequence() + 1);
            Finding fault = fold.apply(record.value(), record.offset());
            if (fault != null) {
                throw new AuditException("the journal is damaged, see ledger audit: " + fault);
            }
            String known =
                    cause == null ? JournalCodec.decode(record.value()).entry().cause() : cause;
            if (Cause.parse(known) instanceof Cause.OfRecord place) {
                if (place.topic().equals(topics.commands())) {
                    commandsNext = Math.max(commandsNext, place.offset() + 1);
                } else {
                    transitNext = Math.max(transitNext, place.offset() + 1);
                }
            }
            return true;
        }

        ShardBooks books() {
            return fold.books();
        }

        ExportManifest.Shard toManifest() {
            ShardBooks books = books();
            ShardConfiguration configuration =
                    Objects.requireNonNullElse(books.state().header().configuration(), UNUSED);
            return new ExportManifest.Shard(
                    books.shard(),
                    books.sequence(),
                    books.atMillis(),
                    books.last(),
                    new ShardConfiguration(
                            shards.size(),
                            configuration.idempotencyWindowMillis(),
                            configuration.idempotencyEntriesMax()),
                    commandsNext,
                    transitNext);
        }
    }

    /** Stands for the settings of a shard that has no entry. */
    private static final ShardConfiguration UNUSED = new ShardConfiguration(1, 1, 1);

    /** How far one partition was copied. */
    private final class Copy {
        private final TopicPartition partition;
        private final Predicate<ConsumerRecord<byte[], byte[]>> filter;
        private long end;
        private long at;

        Copy(TopicPartition partition, Predicate<ConsumerRecord<byte[], byte[]>> filter) {
            this.partition = partition;
            this.filter = filter;
        }

        void write(ConsumerRecord<byte[], byte[]> record) {
            if (record.offset() < end && filter.test(record)) {
                writer.write(
                        partition,
                        new ArchivedRecord(
                                record.offset(),
                                record.timestamp(),
                                record.key(),
                                record.value(),
                                new RecordHeaders(record.headers())));
            }
        }
    }

    /**
     * A dead letter whose origin the journal does not know to be behind it is left out: whoever goes on from the export reads the origin
     * again.
     */
    private boolean isBeforeTheCut(ConsumerRecord<byte[], byte[]> record) {
        Header partition = record.headers().lastHeader(Headers.DEAD_LETTER_PARTITION);
        Header offset = record.headers().lastHeader(Headers.DEAD_LETTER_OFFSET);
        boolean isNamed = partition != null
                && partition.value() != null
                && partition.value().length == Integer.BYTES
                && offset != null
                && offset.value() != null
                && offset.value().length == Long.BYTES;
        if (!isNamed) {
            return true;
        }
        int shard = ByteBuffer.wrap(partition.value()).getInt();
        return shard < 0
                || shard >= shards.size()
                || ByteBuffer.wrap(offset.value()).getLong() < shards.get(shard).commandsNext;
    }

    private List<TopicPartition> partitions(String topic) {
        List<TopicPartition> partitions = known(topic);
        if (partitions.isEmpty() || partitions.size() > ShardConfiguration.SHARDS_MAX) {
            throw new AuditException("there is no ledger to export: topic " + topic + " must have 1 to "
                    + ShardConfiguration.SHARDS_MAX + " partitions");
        }
        return partitions;
    }

    /** All partitions of a topic; none when it does not exist. */
    private List<TopicPartition> known(String topic) {
        List<PartitionInfo> infos = committed.partitionsFor(topic, JournalFold.STALL_MAX);
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; infos != null && partition < infos.size(); partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        return partitions;
    }

    private void begin(Collection<TopicPartition> partitions) {
        committed.beginningOffsets(partitions, JournalFold.STALL_MAX).forEach((partition, beginning) -> {
            if (beginning > 0 && isNeeded(partition.topic())) {
                throw new AuditException("partition " + partition + " must be there from its beginning, and begins at "
                        + beginning + ": what was deleted cannot be exported");
            }
            committed.seek(partition, beginning);
            Copy copy = copies.get(partition);
            if (copy != null) {
                copy.at = beginning;
            }
        });
    }

    private boolean isNeeded(String topic) {
        return List.of(topics.journal(), topics.commands(), topics.transit()).contains(topic);
    }

    /** The partitions are copied up to where they end now. */
    private void end(List<TopicPartition> partitions, Consumer<byte[], byte[]> asked) {
        asked.endOffsets(partitions, JournalFold.STALL_MAX).forEach((partition, end) -> {
            Copy copy = copies.get(partition);
            if (copy != null) {
                copy.end = Math.max(copy.end, end);
            }
        });
    }

    private void copyJournal() {
        List<TopicPartition> journal = partitions(topics.journal());
        copy(journal);
        for (int round = 0; round < CLOSING_ROUNDS_MAX; round++) {
            List<TopicPartition> behind = shards.stream()
                    .map(ShardCopy::books)
                    .filter(this::isBehind)
                    .map(books -> new TopicPartition(topics.journal(), books.shard()))
                    .toList();
            if (behind.isEmpty()) {
                return;
            }
            end(behind, committed);
            copy(behind);
        }
        throw new AuditException(
                "the shards of the journal do not come to one moment: export when there is less to do");
    }

    /** Whether another shard has received what this one has not sent yet. */
    private boolean isBehind(ShardBooks sender) {
        return shards.stream()
                .map(ShardCopy::books)
                .anyMatch(receiver -> receiver.state().channel(sender.shard()).received()
                        > sender.state().channel(receiver.shard()).sent());
    }

    /** Copies partitions to their ends. */
    private void copy(List<TopicPartition> partitions) {
        long lastNanos = System.nanoTime();
        List<TopicPartition> open = open(partitions);
        while (!open.isEmpty()) {
            committed.pause(copies.keySet());
            committed.resume(open);
            boolean moved = false;
            for (ConsumerRecord<byte[], byte[]> record : committed.poll(POLL)) {
                Copy copy = copies.get(new TopicPartition(record.topic(), record.partition()));
                if (copy != null) {
                    copy.write(record);
                }
            }
            for (TopicPartition partition : open) {
                Copy copy = copies.get(partition);
                long at = committed.position(partition, JournalFold.STALL_MAX);
                if (copy != null && at != copy.at) {
                    copy.at = at;
                    moved = true;
                }
            }
            progress.advanced(done(), Math.max(done(), total()));
            if (moved) {
                lastNanos = System.nanoTime();
            } else if (System.nanoTime() - lastNanos > JournalFold.STALL_MAX.toNanos()) {
                throw new AuditException("the topics stalled: nothing more came within "
                        + JournalFold.STALL_MAX.toSeconds() + " s of " + open);
            }
            open = open(partitions);
        }
        for (TopicPartition partition : partitions) {
            Copy copy = copies.get(partition);
            if (copy != null && copy.at > copy.end) {
                // What was read beyond the end was left out: should the end move on, it is read again.
                committed.seek(partition, copy.end);
                copy.at = copy.end;
            }
        }
    }

    private List<TopicPartition> open(List<TopicPartition> partitions) {
        return partitions.stream()
                .filter(partition -> {
                    Copy copy = copies.get(partition);
                    return copy != null && copy.at < copy.end;
                })
                .toList();
    }

    private long done() {
        return copies.values().stream()
                .mapToLong(copy -> Math.min(copy.at, copy.end))
                .sum();
    }

    private long total() {
        return copies.values().stream().mapToLong(copy -> copy.end).sum();
    }

    private ExportManifest manifest(long createdAtMillis) {
        ExportManifest manifest = new ExportManifest(
                createdAtMillis,
                topics,
                shards.stream().map(ShardCopy::toManifest).toList(),
                copies.values().stream()
                        .map(copy -> writer.finish(copy.partition, copy.end))
                        .toList());
        writer.finish(manifest);
        return manifest;
    }
}
