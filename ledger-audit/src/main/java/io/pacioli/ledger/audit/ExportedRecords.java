package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.ArchivedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Fills inflows from the files of an export. Not thread safe. */
final class ExportedRecords implements RecordSource {
    private static final long BUFFER_BYTES = 1L << 20;

    private final List<Flow> flows = new ArrayList<>();

    private record Flow(Inflow inflow, ExportDirectory.Records records) {}

    ExportedRecords(ExportDirectory export, List<Inflow> inflows) {
        for (Inflow inflow : inflows) {
            TopicPartition partition = inflow.partition();
            flows.add(new Flow(inflow, export.records(export.partition(partition.topic(), partition.partition()))));
        }
    }

    @Override
    public void poll(Duration timeout) {
        for (Flow flow : flows) {
            Inflow inflow = flow.inflow;
            while (!inflow.isRead() && inflow.bytes() < BUFFER_BYTES) {
                ArchivedRecord record = flow.records.next();
                if (record == null) {
                    inflow.readTo(inflow.end());
                } else {
                    inflow.add(record(inflow.partition(), record));
                    inflow.readTo(record.offset() + 1);
                }
            }
        }
    }

    @SuppressWarnings("NullAway") // Kafka's own types do not say that keys and values may be null.
    private static ConsumerRecord<byte[], byte[]> record(TopicPartition partition, ArchivedRecord record) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                record.offset(),
                record.atMillis(),
                TimestampType.CREATE_TIME,
                key == null ? 0 : key.length,
                value == null ? 0 : value.length,
                key,
                value,
                record.headers(),
                Optional.empty());
    }

    /** An export has come to its end: nothing is added to it. */
    @Override
    public void readOn(List<Inflow> inflowsOfShard) {}

    @Override
    public void close() {
        flows.forEach(flow -> flow.records.close());
    }
}
