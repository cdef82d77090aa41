package io.pacioli.ledger.audit;

import java.util.ArrayDeque;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What has been read of a partition and not been used yet. Not thread safe. */
final class Inflow {
    private static final int RECORD_OVERHEAD_BYTES = 200;

    private final TopicPartition partition;
    private final ArrayDeque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
    private long bytes;
    private long readTo;
    private long end;
    private long usedTo;

    /** @param from the offset of the first record to come */
    Inflow(TopicPartition partition, long from) {
        this.partition = partition;
        readTo = from;
        usedTo = from;
    }

    TopicPartition partition() {
        return partition;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
        records.add(record);
        bytes += size(record);
    }

    /** The next record before the end, or null when none is here. */
    @Nullable
    ConsumerRecord<byte[], byte[]> peek() {
        ConsumerRecord<byte[], byte[]> next = records.peek();
        return next == null || next.offset() >= end ? null : next;
    }

    /** Takes the next record, which must be here. */
    ConsumerRecord<byte[], byte[]> take() {
        ConsumerRecord<byte[], byte[]> record = records.remove();
        bytes -= size(record);
        usedTo = record.offset() + 1;
        return record;
    }

    /** How many records are here, those behind the end included. */
    int size() {
        return records.size();
    }

    /** About how much memory the records take. */
    long bytes() {
        return bytes;
    }

    /** Where the reader stands: no record below that offset is still to come. */
    void readTo(long offset) {
        readTo = offset;
    }

    long readTo() {
        return readTo;
    }

    /** Gives up what is here: the reader reads again from that offset on. */
    void rewind(long offset) {
        records.clear();
        bytes = 0;
        readTo = offset;
        usedTo = offset;
    }

    /** Reads on to that offset. */
    void end(long offset) {
        end = Math.max(end, offset);
    }

    long end() {
        return end;
    }

    /** The offset behind the last record that was taken. */
    long usedTo() {
        return usedTo;
    }

    /** Whether all up to the end has been read, if not used. */
    boolean isRead() {
        return readTo >= end;
    }

    /** Whether nothing is here and nothing comes before the end. */
    boolean isExhausted() {
        return peek() == null && isRead();
    }

    private static int size(ConsumerRecord<byte[], byte[]> record) {
        return RECORD_OVERHEAD_BYTES
                + Math.max(0, record.serializedKeySize())
                + Math.max(0, record.serializedValueSize());
    }
}
