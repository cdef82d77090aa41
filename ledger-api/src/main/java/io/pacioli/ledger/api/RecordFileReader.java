package io.pacioli.ledger.api;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Reads one file of records that {@link RecordFileWriter} wrote. Not thread safe. */
public final class RecordFileReader implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int HEADERS_MAX = 1 << 20;

    /** No record of a topic is as large, so a damaged length does not take all memory. */
    private static final int BYTES_MAX = 64 << 20;

    private final DataInputStream in;

    /** @throws IOException when the file cannot be read or is no file of records */
    public RecordFileReader(Path file) throws IOException {
        in = new DataInputStream(
                new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file), BUFFER_BYTES), BUFFER_BYTES));
        if (in.readInt() != RecordFileWriter.MAGIC) {
            in.close();
            throw new IOException("no file of records of this version: " + file);
        }
    }

    /** The next record; null behind the last. */
    public @Nullable ArchivedRecord next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        long offset = (long) first << (Long.SIZE - Byte.SIZE);
        for (int shift = Long.SIZE - 2 * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            offset |= (long) in.readUnsignedByte() << shift;
        }
        long atMillis = in.readLong();
        byte @Nullable [] key = bytes();
        byte @Nullable [] value = bytes();
        int count = in.readInt();
        if (count < 0 || count > HEADERS_MAX) {
            throw new IOException("must be 0 to " + HEADERS_MAX + ": headers=" + count);
        }
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < count; i++) {
            byte @Nullable [] name = bytes();
            headers.add(name == null ? "" : new String(name, StandardCharsets.UTF_8), bytes());
        }
        return new ArchivedRecord(offset, atMillis, key, value, headers);
    }

    private byte @Nullable [] bytes() throws IOException {
        int length = in.readInt();
        if (length == RecordFileWriter.NOTHING) {
            return null;
        }
        if (length < 0 || length > BYTES_MAX) {
            throw new IOException("must be 0 to " + BYTES_MAX + ": length=" + length);
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a record ends too soon");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
