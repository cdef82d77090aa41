package io.pacioli.ledger.audit;

import io.pacioli.ledger.api.Hash;
import io.pacioli.ledger.core.Entry;
import io.pacioli.ledger.core.TransferTerms;
import org.jspecify.annotations.Nullable;

/**
 * An entry as a history keeps it.
 *
 * @param shard its shard
 * @param sequence its sequence
 * @param atMicros when it was decided, in microseconds since 1970-01-01 UTC
 * @param type its type, as in the journal record
 * @param kind what a movement of money is called; null when it moves none
 * @param commandId the command it goes back to; null when there is none
 * @param cause the input that led to it
 * @param isOutcome whether it belongs to the outcome of its command
 * @param hash the hexadecimal digits of its hash
 * @param data JSON: what is particular to the type; spelling and the order of members do not matter
 */
public record HistoryEntry(
        int shard,
        long sequence,
        long atMicros,
        String type,
        @Nullable String kind,
        @Nullable String commandId,
        String cause,
        boolean isOutcome,
        String hash,
        String data) {
    static final long MICROS_PER_MILLI = 1_000;

    /** What a history must keep of an entry of the journal. */
    static HistoryEntry of(Entry entry, Hash hash, String data) {
        TransferTerms terms = entry.event().transfer();
        return new HistoryEntry(
                entry.shard(),
                entry.sequence(),
                entry.atMillis() * MICROS_PER_MILLI,
                entry.event().type(),
                terms == null ? null : terms.kind().wireName(),
                entry.commandId(),
                entry.cause(),
                entry.fingerprint() != null,
                hash.hex(),
                data);
    }
}
