package io.pacioli.ledger.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The names of record headers: those of Spring for Apache Kafka where it has one ({@code KafkaHeaders}), so that its reply
 * templates and dead-letter tools work with the ledger as they are.
 */
public final class Headers {
    /** Where the outcome is wanted: a topic name in UTF-8. */
    public static final String REPLY_TOPIC = "kafka_replyTopic";

    /** The partition of the reply topic: 4 bytes, big-endian. Without it the reply's key decides. */
    public static final String REPLY_PARTITION = "kafka_replyPartition";

    /** Copied from a command to its reply, byte for byte. */
    public static final String CORRELATION_ID = "kafka_correlationId";

    /** On a dead letter: the topic it came from, UTF-8. */
    public static final String DEAD_LETTER_TOPIC = "kafka_dlt-original-topic";

    /** On a dead letter: the partition it came from, 4 bytes, big-endian. */
    public static final String DEAD_LETTER_PARTITION = "kafka_dlt-original-partition";

    /** On a dead letter: the offset it came from, 8 bytes, big-endian. */
    public static final String DEAD_LETTER_OFFSET = "kafka_dlt-original-offset";

    /** On a dead letter: the reason, UTF-8: the field, the rule and the value. */
    public static final String DEAD_LETTER_REASON = "kafka_dlt-exception-message";

    /** On a command that another shard passed on: where it was read first, such as {@code ledger.commands-3@991}. */
    public static final String FORWARDED_FROM = "ledger_forwardedFrom";

    /**
     * On a reply or a dead letter: which command of a batch it is about, from 0: 4 bytes, big-endian. A command that a batch brought to a
     * wrong shard is passed on with it. A reply to a batch without it is about all commands: the record went to the dead letters as a
     * whole.
     */
    public static final String BATCH_INDEX = "ledger_batchIndex";

    private Headers() {}

    /** The bytes of a text header. */
    public static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes of a 32-bit header. */
    public static byte[] integer(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /** The bytes of a 64-bit header. */
    public static byte[] whole(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** The text of a header, or null when there is no such header or it has no value. */
    public static @Nullable String text(org.apache.kafka.common.header.Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** The number of a 32-bit header; empty when there is no such header or it does not have 4 bytes. */
    public static OptionalInt integer(org.apache.kafka.common.header.Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null || header.value().length != Integer.BYTES
                ? OptionalInt.empty()
                : OptionalInt.of(ByteBuffer.wrap(header.value()).getInt());
    }
}
