package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Headers;
import java.util.ArrayDeque;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Sends outcomes to whoever asked for them, in the same transaction as the journal. A header that names a topic that is unknown,
 * forbidden or too small, or a correlation that is too large, costs the reply, never the shard: a reply to a topic that may just have been created waits a while, within
 * bounds, and then is dropped. Not thread safe.
 */
final class Replies {
    private static final int WAITING_MAX = 1_000;
    private static final long WAIT_MILLIS = 5_000;
    private static final int CORRELATION_BYTES_MAX = ReplyAddress.HEADER_BYTES_MAX;

    private final ProcessorContext<Destination, byte[]> context;
    private final ReplyTopics topics;
    private final ProcessorMetrics metrics;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    /** A reply whose topic is not known yet. */
    private record Waiting(String topic, int partition, Record<Destination, byte[]> record, long sinceMillis) {}

    Replies(ProcessorContext<Destination, byte[]> context, ReplyTopics topics, ProcessorMetrics metrics) {
        this.context = context;
        this.topics = topics;
        this.metrics = metrics;
    }

    /** Sends a reply if the command's headers ask for one. */
    void send(org.apache.kafka.common.header.Headers command, long atMillis, Supplier<byte[]> reply) {
        String topic = Headers.text(command, Headers.REPLY_TOPIC);
        if (topic == null) {
            return;
        }
        OptionalInt wanted = Headers.integer(command, Headers.REPLY_PARTITION);
        int partition = wanted.orElse(-1);
        if ((wanted.isPresent() && partition < 0) || isTooLarge(command.lastHeader(Headers.CORRELATION_ID))) {
            metrics.replyDropped();
            return;
        }
        int partitions = topics.partitions(topic);
        if (partitions == ReplyTopics.UNKNOWN) {
            hold(new Waiting(
                    topic,
                    partition,
                    record(command, topic, partition, atMillis, reply),
                    context.currentSystemTimeMs()));
        } else if (partition >= partitions) {
            metrics.replyDropped();
        } else {
            context.forward(record(command, topic, partition, atMillis, reply), LedgerTopology.REPLIES);
        }
    }

    /** Tries again what waits for its topic to appear. */
    void retry(long nowMillis) {
        for (int i = waiting.size(); i > 0; i--) {
            Waiting held = waiting.remove();
            int partitions = topics.partitions(held.topic);
            if (partitions > 0 && held.partition < partitions) {
                context.forward(held.record, LedgerTopology.REPLIES);
            } else if (partitions == ReplyTopics.UNKNOWN && nowMillis - held.sinceMillis < WAIT_MILLIS) {
                waiting.add(held);
            } else {
                metrics.replyDropped();
            }
        }
    }

    private static boolean isTooLarge(@Nullable Header correlation) {
        return correlation != null && correlation.value() != null && correlation.value().length > CORRELATION_BYTES_MAX;
    }

    private void hold(Waiting reply) {
        if (waiting.size() < WAITING_MAX) {
            waiting.add(reply);
        } else {
            metrics.replyDropped();
        }
    }

    private static Record<Destination, byte[]> record(
            org.apache.kafka.common.header.Headers command,
            String topic,
            int partition,
            long atMillis,
            Supplier<byte[]> reply) {
        RecordHeaders headers = new RecordHeaders();
        Header correlation = command.lastHeader(Headers.CORRELATION_ID);
        byte @Nullable [] id = correlation == null ? null : correlation.value();
        if (correlation != null) {
            headers.add(correlation);
        }
        Header index = command.lastHeader(Headers.BATCH_INDEX);
        if (index != null && index.value() != null && index.value().length == Integer.BYTES) {
            headers.add(index);
        }
        return new Record<>(Destination.topic(topic, partition, id), reply.get(), atMillis, headers);
    }
}
