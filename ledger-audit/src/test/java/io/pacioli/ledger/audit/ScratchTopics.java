package io.pacioli.ledger.audit;

import static java.util.Objects.requireNonNull;

import io.pacioli.ledger.api.Topics;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of a scratch ledger's topics as they stand: as Kafka's without a broker, for what an audit calls. Offsets have gaps, as those
 * of transactions have.
 */
final class ScratchTopics implements InvocationHandler {
    private static final int RECORDS_MAX = 500;

    private final ScratchLedger ledger;
    private final Runnable beforePoll;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private final Set<TopicPartition> paused = new HashSet<>();

    private ScratchTopics(ScratchLedger ledger, Runnable beforePoll) {
        this.ledger = ledger;
        this.beforePoll = beforePoll;
    }

    static Consumer<byte[], byte[]> consumer(ScratchLedger ledger) {
        return consumer(ledger, () -> {});
    }

    /** @param beforePoll what happens meanwhile */
    @SuppressWarnings("unchecked")
    static Consumer<byte[], byte[]> consumer(ScratchLedger ledger, Runnable beforePoll) {
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                new ScratchTopics(ledger, beforePoll));
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object[] arguments) {
        switch (method.getName()) {
            case "partitionsFor" -> {
                List<PartitionInfo> infos = new ArrayList<>();
                boolean isKnown = List.of(Topics.DEFAULT.journal(), Topics.DEFAULT.commands(), Topics.DEFAULT.transit())
                        .contains(arguments[0]);
                for (int shard = 0; isKnown && shard < ledger.shards(); shard++) {
                    infos.add(new PartitionInfo((String) arguments[0], shard, null, null, null));
                }
                return infos;
            }
            case "endOffsets" -> {
                Map<TopicPartition, Long> ends = new HashMap<>();
                ((Collection<TopicPartition>) requireNonNull(arguments[0])).forEach(tp -> ends.put(tp, end(tp)));
                return ends;
            }
            case "beginningOffsets" -> {
                Map<TopicPartition, Long> beginnings = new HashMap<>();
                ((Collection<TopicPartition>) requireNonNull(arguments[0])).forEach(tp -> beginnings.put(tp, 0L));
                return beginnings;
            }
            case "assign" ->
                ((Collection<TopicPartition>) requireNonNull(arguments[0])).forEach(tp -> positions.put(tp, 0L));
            case "seekToBeginning" ->
                ((Collection<TopicPartition>) requireNonNull(arguments[0])).forEach(tp -> positions.put(tp, 0L));
            case "seek" ->
                positions.put((TopicPartition) requireNonNull(arguments[0]), (Long) requireNonNull(arguments[1]));
            case "pause" -> paused.addAll((Collection<TopicPartition>) requireNonNull(arguments[0]));
            case "resume" -> paused.removeAll((Collection<TopicPartition>) requireNonNull(arguments[0]));
            case "position" -> {
                return positions.get((TopicPartition) requireNonNull(arguments[0]));
            }
            case "poll" -> {
                beforePoll.run();
                return poll();
            }
            case "close" -> {}
            default -> throw new UnsupportedOperationException(method.getName());
        }
        return null;
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
        positions.replaceAll((partition, position) -> {
            if (paused.contains(partition)) {
                return position;
            }
            List<ConsumerRecord<byte[], byte[]>> read = read(partition, position);
            if (!read.isEmpty()) {
                records.put(partition, read);
                return read.getLast().offset() + 1;
            }
            return Math.max(position, end(partition));
        });
        return new ConsumerRecords<>(records, Map.of());
    }

    private List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long from) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        int first = (int) ((from + 1) / 2);
        if (partition.topic().equals(Topics.DEFAULT.journal())) {
            List<byte[]> journal = ledger.journal(partition.partition());
            for (int i = first; i < Math.min(journal.size(), first + RECORDS_MAX); i++) {
                read.add(record(partition, 2L * i, 0, null, journal.get(i), new RecordHeaders()));
            }
            return read;
        }
        List<ScratchLedger.Written> inputs = inputs(partition);
        for (int i = firstFrom(inputs, from); i < inputs.size() && read.size() < RECORDS_MAX; i++) {
            ScratchLedger.Written written = inputs.get(i);
            read.add(record(
                    partition,
                    written.offset(),
                    written.atMillis(),
                    written.key(),
                    written.value(),
                    written.headers()));
        }
        return read;
    }

    private static int firstFrom(List<ScratchLedger.Written> inputs, long offset) {
        int low = 0;
        int high = inputs.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (inputs.get(middle).offset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long end(TopicPartition partition) {
        if (partition.topic().equals(Topics.DEFAULT.journal())) {
            return 2L * ledger.journal(partition.partition()).size();
        }
        List<ScratchLedger.Written> inputs = inputs(partition);
        return inputs.isEmpty() ? 0 : inputs.getLast().offset() + 2;
    }

    private List<ScratchLedger.Written> inputs(TopicPartition partition) {
        return partition.topic().equals(Topics.DEFAULT.commands())
                ? ledger.commands(partition.partition())
                : ledger.transit(partition.partition());
    }

    @SuppressWarnings("NullAway") // Kafka's own types do not say that keys and values may be null.
    private static ConsumerRecord<byte[], byte[]> record(
            TopicPartition partition,
            long offset,
            long atMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            RecordHeaders headers) {
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                offset,
                atMillis,
                TimestampType.LOG_APPEND_TIME,
                key == null ? 0 : key.length,
                value == null ? 0 : value.length,
                key,
                value,
                headers,
                Optional.empty());
    }
}
