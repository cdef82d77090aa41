package io.pacioli.ledger.api;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record of a topic as an export keeps it.
 *
 * @param offset its place in the partition
 * @param atMillis its time
 * @param key its key; null when it has none
 * @param value its value; null when it has none
 * @param headers its headers, in their order
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes as they stand, which nobody compares or changes.
public record ArchivedRecord(
        long offset, long atMillis, byte @Nullable [] key, byte @Nullable [] value, RecordHeaders headers) {}
