package io.pacioli.ledger.projection.postgres;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows for one {@code COPY ... FROM STDIN (FORMAT binary)}, as the manual of PostgreSQL lays the format down under "COPY".
 *
 * <p>Binary rather than text: nothing needs escaping, and the server parses neither digits nor dates. Columns are written in the
 * order of the statement, after {@link #row}. Not thread safe.
 */
final class CopyBuffer {
    private static final byte[] SIGNATURE = "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int FLAGS_AND_EXTENSION_BYTES = 8;
    private static final int CHUNK_BYTES = 1 << 16;
    private static final int NULL_LENGTH = -1;
    private static final int TRAILER = -1;
    private static final byte JSONB_VERSION = 1;

    /** 2000-01-01 UTC, from which PostgreSQL counts its microseconds. */
    private static final long EPOCH_MILLIS = 946_684_800_000L;

    private static final int NUMERIC_HEADER_BYTES = 8;
    private static final int NUMERIC_NEGATIVE = 0x4000;
    private static final int NUMERIC_BASE = 10_000;
    private static final BigInteger BASE = BigInteger.valueOf(NUMERIC_BASE);

    /** 64 digits, the most that a balance has in the journal, fill at most 16 groups of four. */
    private static final int NUMERIC_GROUPS_MAX = 16;

    private final short[] groups = new short[NUMERIC_GROUPS_MAX];
    private byte[] bytes = new byte[CHUNK_BYTES];
    private int size;
    private int rows;

    CopyBuffer() {
        System.arraycopy(SIGNATURE, 0, bytes, 0, SIGNATURE.length);
        size = SIGNATURE.length + FLAGS_AND_EXTENSION_BYTES;
    }

    /** How many rows have been begun. */
    int rows() {
        return rows;
    }

    /** A copy of what there is to send so far, without the end of the data. */
    byte[] bytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** Begins a row. */
    CopyBuffer row(int columns) {
        room(Short.BYTES);
        putShort(columns);
        rows++;
        return this;
    }

    /** A {@code boolean} column. */
    CopyBuffer bool(boolean value) {
        room(Integer.BYTES + 1);
        putInt(1);
        bytes[size++] = (byte) (value ? 1 : 0);
        return this;
    }

    /** An {@code integer} column. */
    CopyBuffer integer(int value) {
        room(2 * Integer.BYTES);
        putInt(Integer.BYTES);
        putInt(value);
        return this;
    }

    /** A {@code bigint} column. */
    CopyBuffer bigint(long value) {
        room(Integer.BYTES + Long.BYTES);
        putInt(Long.BYTES);
        putLong(value);
        return this;
    }

    /** A {@code timestamptz} column, from milliseconds since 1970-01-01 UTC. */
    CopyBuffer timestamp(long millis) {
        return bigint(Math.multiplyExact(millis - EPOCH_MILLIS, 1_000L));
    }

    /** A {@code text} column, or the label of an enum. */
    CopyBuffer text(@Nullable String value) {
        return value == null ? putNull() : bytea(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A {@code bytea} column. */
    CopyBuffer bytea(byte[] value) {
        room(Integer.BYTES + value.length);
        putInt(value.length);
        put(value, 0, value.length);
        return this;
    }

    /** A column of binary JSON, from a part of an array that holds JSON in UTF-8. */
    CopyBuffer jsonb(byte[] json, int offset, int length) {
        room(Integer.BYTES + 1 + length);
        putInt(1 + length);
        bytes[size++] = JSONB_VERSION;
        put(json, offset, length);
        return this;
    }

    /** A {@code numeric} column without decimals, at most 64 digits. */
    CopyBuffer numeric(BigInteger value) {
        int count = value.bitLength() < Long.SIZE ? split(value.longValue()) : split(value.abs());
        room(Integer.BYTES + NUMERIC_HEADER_BYTES + count * Short.BYTES);
        putInt(NUMERIC_HEADER_BYTES + count * Short.BYTES);
        putShort(count);
        putShort(Math.max(count - 1, 0));
        putShort(value.signum() < 0 ? NUMERIC_NEGATIVE : 0);
        putShort(0);
        for (int i = count - 1; i >= 0; i--) {
            putShort(groups[i]);
        }
        return this;
    }

    /**
     * Sends all rows, if there are any.
     *
     * @param statement {@code COPY table (columns) FROM STDIN (FORMAT binary)}
     */
    void copyInto(Connection connection, String statement) throws SQLException {
        if (rows == 0) {
            return;
        }
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
        int end = size;
        try {
            room(Short.BYTES);
            putShort(TRAILER);
            for (int offset = 0; offset < size; offset += CHUNK_BYTES) {
                copy.writeToCopy(bytes, offset, Math.min(CHUNK_BYTES, size - offset));
            }
            copy.endCopy();
        } finally {
            // The rows stay as they are, for another try with another connection.
            size = end;
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Groups of four digits, lowest first; a long's lowest value has no absolute one, so the digits are taken as they are. */
    private int split(long value) {
        int count = 0;
        for (long rest = value; rest != 0; rest /= NUMERIC_BASE) {
            groups[count++] = (short) Math.abs(rest % NUMERIC_BASE);
        }
        return count;
    }

    private int split(BigInteger value) {
        int count = 0;
        for (BigInteger rest = value; rest.signum() != 0; count++) {
            BigInteger[] parts = rest.divideAndRemainder(BASE);
            groups[count] = parts[1].shortValueExact();
            rest = parts[0];
        }
        return count;
    }

    private CopyBuffer putNull() {
        room(Integer.BYTES);
        putInt(NULL_LENGTH);
        return this;
    }

    private void room(int needed) {
        if (bytes.length - size < needed) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + needed));
        }
    }

    private void put(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    private void putShort(int value) {
        bytes[size++] = (byte) (value >>> 8);
        bytes[size++] = (byte) value;
    }

    private void putInt(int value) {
        putShort(value >>> 16);
        putShort(value);
    }

    private void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }
}
