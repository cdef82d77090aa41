package io.pacioli.ledger.api.state;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Appends values to a growing array. Counts and times take as many bytes as they need (LEB128). Not thread safe. */
public final class StateWriter {
    private static final int CAPACITY = 128;

    private byte[] bytes = new byte[CAPACITY];
    private int length;

    /** @param version of the format, which comes first */
    public StateWriter(int version) {
        append(version);
    }

    /** A number of zero or more. */
    public void number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            append((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        append((int) rest);
    }

    /** Any 64 bits. */
    public void whole(long value) {
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            append((int) (value >>> shift));
        }
    }

    /** Yes or no. */
    public void bool(boolean value) {
        append(value ? 1 : 0);
    }

    /** A text. */
    public void text(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        number(text.length);
        bytes(text);
    }

    /** A number of any size and sign; zero takes one byte. */
    public void big(BigInteger value) {
        if (value.signum() == 0) {
            append(0);
            return;
        }
        byte[] big = value.toByteArray();
        number(big.length);
        bytes(big);
    }

    /** Bytes as they are; the reader must know how many. */
    public void bytes(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    /** All that was written; a copy. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void append(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    private void reserve(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }
}
