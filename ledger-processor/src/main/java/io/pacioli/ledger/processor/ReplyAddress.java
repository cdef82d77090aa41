package io.pacioli.ledger.processor;

import io.pacioli.ledger.api.Headers;
import io.pacioli.ledger.api.state.StateReader;
import io.pacioli.ledger.api.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Where the outcome of a command is wanted, kept until it is there.
 *
 * @param headers the headers of the command that say so, by name, with a character for each byte
 */
record ReplyAddress(Map<String, String> headers) {
    /** Most bytes of each header. */
    static final int HEADER_BYTES_MAX = 1_024;

    private static final List<String> NAMES =
            List.of(Headers.REPLY_TOPIC, Headers.REPLY_PARTITION, Headers.CORRELATION_ID);

    /** What a command's headers say, or null when that is too large to be kept. */
    static @Nullable ReplyAddress of(org.apache.kafka.common.header.Headers command) {
        Map<String, String> headers = new TreeMap<>();
        for (String name : NAMES) {
            Header header = command.lastHeader(name);
            byte @Nullable [] value = header == null ? null : header.value();
            if (value != null && value.length > HEADER_BYTES_MAX) {
                return null;
            }
            if (value != null) {
                headers.put(name, new String(value, StandardCharsets.ISO_8859_1));
            }
        }
        return new ReplyAddress(headers);
    }

    /** The headers as the command had them. */
    RecordHeaders toHeaders() {
        RecordHeaders all = new RecordHeaders();
        headers.forEach((name, value) -> all.add(name, value.getBytes(StandardCharsets.ISO_8859_1)));
        return all;
    }

    void write(StateWriter out) {
        out.number(headers.size());
        headers.forEach((name, value) -> {
            out.text(name);
            out.text(value);
        });
    }

    static ReplyAddress read(StateReader in) {
        Map<String, String> headers = new TreeMap<>();
        for (long i = in.number(); i > 0; i--) {
            headers.put(in.text(), in.text());
        }
        return new ReplyAddress(headers);
    }
}
