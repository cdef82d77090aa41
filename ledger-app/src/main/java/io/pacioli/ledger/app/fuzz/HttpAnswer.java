package io.pacioli.ledger.app.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came back.
 *
 * @param headers by their names in lower case
 * @param body all of it; empty for a stream
 * @param isLast whether the connection ends with it
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes as they came, which nobody compares or changes.
record HttpAnswer(int status, Map<String, String> headers, byte[] body, boolean isLast) {
    private static final int LINE_BYTES_MAX = 1 << 16;
    private static final int BODY_BYTES_MAX = 64 << 20;
    private static final int CONTINUE = 100;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;

    /** Reads one; null when the connection was closed instead. */
    static @Nullable HttpAnswer read(InputStream in, boolean isHead) throws IOException {
        HttpAnswer answer = readOne(in, isHead);
        while (answer != null && answer.status == CONTINUE) {
            answer = readOne(in, isHead);
        }
        return answer;
    }

    private static @Nullable HttpAnswer readOne(InputStream in, boolean isHead) throws IOException {
        String line = line(in);
        if (line.isEmpty()) {
            return null;
        }
        if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9].*")) {
            throw new IOException("no status line: " + line);
        }
        int status = Integer.parseInt(line.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new IOException("no header: " + line);
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        boolean closes =
                Objects.requireNonNullElse(headers.get("connection"), "").equalsIgnoreCase("close");
        boolean isStream = header(headers, "content-type").startsWith("text/event-stream");
        boolean isEmpty = isHead || status == CONTINUE || status == NO_CONTENT || status == NOT_MODIFIED;
        byte[] body = isEmpty || isStream ? new byte[0] : body(in, headers);
        boolean isBounded = headers.containsKey("content-length") || headers.containsKey("transfer-encoding");
        return new HttpAnswer(status, headers, body, closes || isStream || (!isEmpty && !isBounded));
    }

    /** A header, or an empty text. */
    String header(String name) {
        return header(headers, name);
    }

    private static String header(Map<String, String> headers, String name) {
        return Objects.requireNonNullElse(headers.get(name), "");
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (header(headers, "transfer-encoding").equalsIgnoreCase("chunked")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (int length = chunk(in); length > 0; length = chunk(in)) {
                body.writeBytes(exactly(in, length));
                line(in);
            }
            line(in);
            return body.toByteArray();
        }
        String length = header(headers, "content-length");
        return length.isEmpty() ? in.readNBytes(BODY_BYTES_MAX) : exactly(in, Integer.parseInt(length));
    }

    private static int chunk(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new IOException("the body ends after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    /** A line without its end; empty at the end of the stream. */
    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (line.size() > LINE_BYTES_MAX) {
                throw new IOException("a line does not end");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
