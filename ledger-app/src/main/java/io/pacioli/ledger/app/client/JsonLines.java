package io.pacioli.ledger.app.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of bytes, as they are: no charset decides what they hold. Not thread safe. */
final class JsonLines implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final int lineBytesMax;
    private long number;
    private long bytesRead;

    /** @param lineBytesMax what is beyond in a line is dropped */
    JsonLines(InputStream in, int lineBytesMax) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
        this.lineBytesMax = lineBytesMax;
    }

    /** The next line without its line break, or null at the end. */
    byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int read = in.read();
        if (read < 0) {
            return null;
        }
        for (; read >= 0 && read != '\n'; read = in.read()) {
            bytesRead++;
            if (line.size() < lineBytesMax) {
                line.write(read);
            }
        }
        bytesRead++;
        number++;
        byte[] bytes = line.toByteArray();
        boolean carriageReturn = bytes.length > 0 && bytes[bytes.length - 1] == '\r';
        return carriageReturn ? Arrays.copyOf(bytes, bytes.length - 1) : bytes;
    }

    /** The number of the line that {@link #next} gave last, from 1. */
    long number() {
        return number;
    }

    /** How many bytes were read. */
    long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
