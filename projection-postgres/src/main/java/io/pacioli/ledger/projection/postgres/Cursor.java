package io.pacioli.ledger.projection.postgres;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;

/**
 * Where a page of a list that is ordered by time ended, so that the next page begins right after it whatever was added since.
 *
 * <p>Opaque to clients: its text is no promise.
 *
 * @param atMillis when the last item was decided
 * @param shard its shard
 * @param number what tells items of one time and shard apart: an account's version or a sequence
 */
record Cursor(long atMillis, int shard, long number) {
    private static final byte FORM = 1;
    private static final int BYTES = 1 + Long.BYTES + Integer.BYTES + Long.BYTES;

    /** The time of the last item as the tables have it. */
    OffsetDateTime at() {
        return Instant.ofEpochMilli(atMillis).atOffset(ZoneOffset.UTC);
    }

    /**
     * Reads what {@link #toString()} writes.
     *
     * @throws IllegalArgumentException when it is anything else; the message completes "must be"
     */
    static Cursor parse(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII)));
            if (bytes.remaining() == BYTES && bytes.get() == FORM) {
                return new Cursor(bytes.getLong(), bytes.getInt(), bytes.getLong());
            }
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new IllegalArgumentException(rule(), e);
        }
        throw new IllegalArgumentException(rule());
    }

    private static String rule() {
        return "a nextCursor that an earlier page of this list gave";
    }

    @Override
    public String toString() {
        byte[] bytes = ByteBuffer.allocate(BYTES)
                .put(FORM)
                .putLong(atMillis)
                .putInt(shard)
                .putLong(number)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
