package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Cause;
import io.pacioli.ledger.api.Headers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Records that are no commands, until their dead letters are met. What is known of a letter is where its record stood: a large one does not
 * repeat it. Thread safe.
 *
 * <p>Letters that were taken away at the beginning of their topic are not missed, nor what they were about.
 */
final class DeadLetters {
    private static final Duration POLL = Duration.ofMillis(100);

    /** How far brokers' clocks may be apart: a letter is written after its record, perhaps by another broker. */
    private static final long SLACK_MILLIS = Duration.ofMinutes(5).toMillis();

    private final Map<String, Missing> expected = new HashMap<>();
    private long sinceMillis = Long.MAX_VALUE;

    private record Missing(long atMillis, Finding finding) {}

    /**
     * A record was put aside.
     *
     * @param place where it stands
     * @param atMillis when it came
     * @param missing what to report if its letter is not met
     */
    synchronized void expect(String place, long atMillis, Finding missing) {
        expected.put(place, new Missing(atMillis, missing));
        sinceMillis = Math.min(sinceMillis, atMillis);
    }

    /**
     * Reads the letters to their end; what is missing then is a finding.
     *
     * @param patience how long to wait for what is missing: the end of another transaction may still be to come
     * @return how many of the expected were met
     */
    synchronized long finish(Consumer<byte[], byte[]> consumer, String topic, Findings findings, Duration patience) {
        if (expected.isEmpty()) {
            return 0;
        }
        long wanted = expected.size();
        List<PartitionInfo> infos = consumer.partitionsFor(topic, JournalFold.STALL_MAX);
        if (infos != null) {
            for (PartitionInfo info : infos) {
                read(consumer, new TopicPartition(topic, info.partition()), patience);
            }
        }
        long met = wanted - expected.size();
        expected.values().stream()
                .filter(missing -> missing.atMillis() >= sinceMillis)
                .map(Missing::finding)
                .forEach(findings::add);
        expected.clear();
        return met;
    }

    private void read(Consumer<byte[], byte[]> consumer, TopicPartition partition, Duration patience) {
        List<TopicPartition> alone = List.of(partition);
        consumer.assign(alone);
        long begin = consumer.beginningOffsets(alone, JournalFold.STALL_MAX).getOrDefault(partition, 0L);
        long end = end(consumer, partition);
        OffsetAndTimestamp found = consumer.offsetsForTimes(
                        Map.of(partition, Math.max(0, sinceMillis - SLACK_MILLIS)), JournalFold.STALL_MAX)
                .get(partition);
        consumer.seek(partition, found == null ? end : found.offset());
        boolean isFirst = true;
        long lastNanos = System.nanoTime();
        boolean goesOn = true;
        while (goesOn) {
            for (ConsumerRecord<byte[], byte[]> letter : consumer.poll(POLL)) {
                if (isFirst && begin > 0 && letter.offset() == begin) {
                    sinceMillis = Math.max(sinceMillis, letter.timestamp());
                }
                isFirst = false;
                String place = place(letter);
                if (place != null) {
                    expected.remove(place);
                }
                lastNanos = System.nanoTime();
            }
            long waited = System.nanoTime() - lastNanos;
            boolean isRead = consumer.position(partition, JournalFold.STALL_MAX) >= end;
            if (!isRead && waited > JournalFold.STALL_MAX.toNanos()) {
                throw new AuditException("the topic " + partition.topic() + " stalled");
            }
            goesOn = !isRead || (!expected.isEmpty() && waited <= patience.toNanos());
            end = isRead && goesOn ? end(consumer, partition) : end;
        }
    }

    private static long end(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return consumer.endOffsets(List.of(partition), JournalFold.STALL_MAX).getOrDefault(partition, 0L);
    }

    /** Where the record of a letter stood; null when it does not say. */
    private static @Nullable String place(ConsumerRecord<byte[], byte[]> letter) {
        String topic = Headers.text(letter.headers(), Headers.DEAD_LETTER_TOPIC);
        OptionalInt partition = Headers.integer(letter.headers(), Headers.DEAD_LETTER_PARTITION);
        Header offset = letter.headers().lastHeader(Headers.DEAD_LETTER_OFFSET);
        boolean isWhole = offset != null && offset.value() != null && offset.value().length == Long.BYTES;
        return topic == null || partition.isEmpty() || !isWhole
                ? null
                : Cause.ofPart(
                        Cause.of(
                                topic,
                                partition.getAsInt(),
                                ByteBuffer.wrap(offset.value()).getLong()),
                        Headers.integer(letter.headers(), Headers.BATCH_INDEX).orElse(Cause.NO_INDEX));
    }
}
