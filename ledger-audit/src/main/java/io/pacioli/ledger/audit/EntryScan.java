package io.pacioli.ledger.audit;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds an entry's cause without reading the entry. A replay that decides again needs no more of a record: it writes the entry that must
 * be there and compares the bytes. What it does not find as the ledger writes it, it leaves to the codec.
 */
final class EntryScan {
    private static final byte[] SEQUENCE = ",\"sequence\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CAUSE = ",\"cause\":\"".getBytes(StandardCharsets.US_ASCII);

    /** Within that many bytes is the sequence, which stands behind two small numbers. */
    private static final int SEQUENCE_WITHIN = 40;

    private EntryScan() {}

    /** The cause, or null when the record has another sequence or is not written as usual. */
    static @Nullable String cause(byte[] record, long sequence) {
        int sequenceAt = find(record, SEQUENCE, 0, Math.min(record.length, SEQUENCE_WITHIN));
        if (sequenceAt < 0 || !isNumber(record, sequenceAt, sequence)) {
            return null;
        }
        // Within a text a quote comes behind a backslash, so this is no text's.
        int from = find(record, CAUSE, sequenceAt, record.length);
        if (from < 0) {
            return null;
        }
        for (int to = from; to < record.length; to++) {
            if (record[to] == '"') {
                return new String(record, from, to - from, StandardCharsets.ISO_8859_1);
            }
            if (record[to] == '\\' || record[to] < 0) {
                return null;
            }
        }
        return null;
    }

    private static boolean isNumber(byte[] record, int from, long number) {
        long value = 0;
        int at = from;
        while (at < record.length && record[at] >= '0' && record[at] <= '9' && at - from < 18) {
            value = value * 10 + record[at++] - '0';
        }
        return at > from && at < record.length && record[at] == ',' && value == number;
    }

    /** The place behind the first occurrence, or -1. */
    private static int find(byte[] record, byte[] wanted, int from, int to) {
        for (int at = from; at + wanted.length <= to; at++) {
            int matched = 0;
            while (matched < wanted.length && record[at + matched] == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return at + matched;
            }
        }
        return -1;
    }
}
