package io.pacioli.ledger.recovery;

import io.pacioli.ledger.api.ArchivedRecord;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A partition on its way back, in runs of records whose offsets have no gaps. Not thread safe.
 *
 * <p>Between two runs stood what nobody reads: markers of transactions, and records of those that were aborted.
 */
final class RestoredPartition {
    /** Most records of a run that are in memory at a time, and most bytes. */
    private static final int RUN_RECORDS_MAX = 2_000;

    private static final long RUN_BYTES_MAX = 4L << 20;

    private final TopicPartition partition;
    private final Source records;
    private final long end;
    private @Nullable ArchivedRecord ahead;
    private long at;

    /**
     * Records without gaps between their offsets.
     *
     * @param gap how many offsets behind them are taken by what nobody reads; 0 when the next run follows at once
     */
    record Run(TopicPartition partition, long firstOffset, List<ArchivedRecord> records, long gap) {
        long gapOffset() {
            return firstOffset + records.size();
        }
    }

    /** Where the records come from. */
    @FunctionalInterface
    interface Source {
        /** The next record, of a higher offset than the one before; null behind the last. */
        @Nullable
        ArchivedRecord next();
    }

    /** @param end where the partition ends */
    RestoredPartition(TopicPartition partition, Source records, long end) {
        this.partition = partition;
        this.records = records;
        this.end = end;
        ahead = records.next();
    }

    TopicPartition partition() {
        return partition;
    }

    long end() {
        return end;
    }

    /** The next run; null when all was taken. */
    @Nullable
    Run next() {
        if (at == end) {
            return null;
        }
        long firstOffset = at;
        long bytes = 0;
        List<ArchivedRecord> run = new ArrayList<>();
        ArchivedRecord record = ahead;
        while (record != null && record.offset() == at && run.size() < RUN_RECORDS_MAX && bytes < RUN_BYTES_MAX) {
            run.add(record);
            bytes += size(record);
            at++;
            record = records.next();
        }
        ahead = record;
        long next = record == null ? end : record.offset();
        if (next < at || next > end) {
            throw new RecoveryException(
                    "the export is damaged: " + partition + " must end at " + end + " and has offset " + next);
        }
        long gap = next - at;
        at = next;
        return new Run(partition, firstOffset, run, gap);
    }

    private static long size(ArchivedRecord record) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
    }
}
