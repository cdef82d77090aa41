package io.pacioli.ledger.gateway.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts events together, so that many of them go out at once. Not thread safe. */
final class EventBuffer {
    private static final int BYTES_MAX = 1 << 16;

    private final OutputStream out;
    private @Nullable ByteArrayOutputStream buffer;
    private long writtenAtNanos = System.nanoTime();

    EventBuffer(OutputStream out) {
        this.out = out;
    }

    /** When something was written last. */
    long writtenAtNanos() {
        return writtenAtNanos;
    }

    /** How long clients should wait before they come back. */
    void retry(long millis) {
        line("retry: " + millis);
    }

    /** A line that clients ignore, and no event. */
    void comment() {
        line(":");
    }

    /** The blank line that ends what belongs together. */
    void end() {
        line("");
    }

    /** Moves the id that clients come back with on, without an event. */
    void id(String id) {
        line("id: " + id);
        line("");
    }

    /** An event as {@link EventText} makes it. */
    void event(byte[] text, String id) throws IOException {
        buffer().writeBytes(text);
        id(id);
        if (buffer().size() >= BYTES_MAX) {
            flush();
        }
    }

    /** Writes what is there, as slowly as the client reads. */
    void flush() throws IOException {
        ByteArrayOutputStream full = buffer;
        if (full != null) {
            // Not kept: streams are many, and most are silent.
            buffer = null;
            full.writeTo(out);
            out.flush();
            writtenAtNanos = System.nanoTime();
        }
    }

    private void line(String text) {
        buffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        buffer().write('\n');
    }

    private ByteArrayOutputStream buffer() {
        ByteArrayOutputStream filling = buffer == null ? new ByteArrayOutputStream(1_024) : buffer;
        buffer = filling;
        return filling;
    }
}
