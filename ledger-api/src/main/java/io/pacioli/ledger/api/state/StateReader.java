package io.pacioli.ledger.api.state;

import io.pacioli.ledger.core.Invariant;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link StateWriter} wrote, in the same order, in this format version or an earlier one. Not thread safe. */
public final class StateReader {
    private static final int OLDEST_VERSION = 1;

    private final byte[] bytes;
    private int next = 1;

    /**
     * Starts behind the format version.
     *
     * @param version the newest that the caller knows
     * @throws io.pacioli.ledger.core.InvariantViolation when the bytes are of a later format
     */
    public StateReader(byte[] bytes, int version) {
        this.bytes = bytes;
        Invariant.check(
                bytes[0] >= OLDEST_VERSION && bytes[0] <= version,
                "the state must be of a known format: version=",
                (long) bytes[0],
                " known=",
                (long) version);
    }

    /** Whether everything has been read. */
    public boolean isAtEnd() {
        return next == bytes.length;
    }

    /** A number of zero or more. */
    public long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte part = bytes[next++];
            value |= (part & 0x7FL) << shift;
            if (part >= 0) {
                return value;
            }
        }
    }

    /** Any 64 bits. */
    public long whole() {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = (value << Byte.SIZE) | (bytes[next++] & 0xFF);
        }
        return value;
    }

    /** Yes or no. */
    public boolean bool() {
        return bytes[next++] != 0;
    }

    /** A text. */
    public String text() {
        int length = (int) number();
        next += length;
        return new String(bytes, next - length, length, StandardCharsets.UTF_8);
    }

    /** A number of any size and sign. */
    public BigInteger big() {
        int length = (int) number();
        next += length;
        return length == 0 ? BigInteger.ZERO : new BigInteger(bytes, next - length, length);
    }

    /** So many bytes. */
    public byte[] bytes(int length) {
        next += length;
        return Arrays.copyOfRange(bytes, next - length, next);
    }
}
