package io.pacioli.ledger.app.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * Reads event streams by the rules of the HTML standard. Kept from one connection to the next, it knows where to go on. Not thread
 * safe.
 */
final class EventReader {
    private static final long RETRY_MILLIS = 2_000;

    private String lastEventId = "";
    private long retryMillis = RETRY_MILLIS;

    /**
     * An event.
     *
     * @param type what the server calls it
     * @param data its lines
     */
    record Event(String type, String data) {}

    /** What to come back with; empty before the first. */
    String lastEventId() {
        return lastEventId;
    }

    /** How long to wait before coming back. */
    long retryMillis() {
        return retryMillis;
    }

    /**
     * Reads a stream to its end.
     *
     * @param listener whether to go on after an event
     * @return whether it was the stream that ended, rather than the listener who had enough
     */
    boolean read(InputStream stream, Predicate<Event> listener) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        String type = "";
        String id = lastEventId;
        long retry = retryMillis;
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                // What stands behind the last blank line may have been cut off anywhere, even in the middle of a line.
                lastEventId = id;
                retryMillis = retry;
                if (!data.isEmpty() && !listener.test(new Event(type, data.substring(1)))) {
                    return false;
                }
                type = "";
                data.setLength(0);
            } else {
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
                switch (field) {
                    case "event" -> type = value;
                    case "data" -> data.append('\n').append(value);
                    case "id" -> id = value;
                    case "retry" -> retry = value.matches("[0-9]{1,6}") ? Long.parseLong(value) : retry;
                    default -> {
                        // A comment, or a field of a later version.
                    }
                }
            }
        }
        return true;
    }
}
