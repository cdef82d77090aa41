package io.pacioli.ledger.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A client of event streams on a bare socket, which reads by the HTML standard's rules, as slowly and as briefly as a test likes. */
final class StreamClient implements AutoCloseable {
    private static final int READ_MILLIS_MAX = 60_000;
    private static final long NEXT_NANOS_MAX = Duration.ofMinutes(1).toNanos();

    private final Socket socket;
    private final InputStream in;
    private final int status;
    private final Map<String, String> headers = new TreeMap<>();
    private long chunkLeft;
    private boolean ended;
    private String lastEventId = "";
    private int comments;
    private String retry = "";

    /** An event as the standard has it: its id is the last that was sent up to then. */
    record Event(String type, String id, String data) {
        JsonNode json() {
            return WrittenJournal.json(data.getBytes(StandardCharsets.UTF_8));
        }
    }

    private StreamClient(URI server, String path, @Nullable String lastId, int receiveBytes) throws IOException {
        socket = new Socket();
        if (receiveBytes > 0) {
            socket.setReceiveBufferSize(receiveBytes);
        }
        socket.setSoTimeout(READ_MILLIS_MAX);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
        String request = "GET " + path + " HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n"
                + (lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        in = new BufferedInputStream(socket.getInputStream(), receiveBytes > 0 ? receiveBytes : 8_192);
        status = Integer.parseInt(rawLine().substring("HTTP/1.1 ".length()).substring(0, 3));
        for (String line = rawLine(); !line.isEmpty(); line = rawLine()) {
            String[] header = line.split(": ", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
        }
    }

    /** The path of an account's stream. */
    static String account(String account) {
        return "/v1/accounts/" + URLEncoder.encode(account, StandardCharsets.UTF_8) + "/stream";
    }

    /** The path of an asset's stream. */
    static String asset(String asset) {
        return "/v1/assets/" + asset + "/stream";
    }

    static StreamClient open(URI server, String path) {
        return open(server, path, null, 0);
    }

    static StreamClient resume(URI server, String path, String lastId) {
        return open(server, path, lastId, 0);
    }

    static StreamClient open(URI server, String path, @Nullable String lastId, int receiveBytes) {
        try {
            return new StreamClient(server, path, lastId, receiveBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int status() {
        return status;
    }

    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The id to come back with: one counts once its blank line has been read. */
    String lastEventId() {
        return lastEventId;
    }

    int comments() {
        return comments;
    }

    String retry() {
        return retry;
    }

    /** The body of an answer that is no stream. */
    String body() throws IOException {
        return new String(
                in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))), StandardCharsets.UTF_8);
    }

    /** The next event that is told to an application; null when the stream has ended in order. */
    @Nullable
    Event next() throws IOException {
        return next(false);
    }

    /** Reads on until an event or a comment has been read. */
    @Nullable
    Event nextOrComment() throws IOException {
        return next(true);
    }

    /** What comes up to the heartbeat that says that the stream is at these positions. */
    List<Event> readTo(String id) throws IOException {
        List<Event> events = new ArrayList<>();
        while (true) {
            Event event = nextOrComment();
            if (event != null) {
                events.add(event);
            } else if (ended) {
                throw new EOFException("ended at " + lastEventId + " before " + id);
            } else if (lastEventId.equals(id)) {
                return events;
            }
        }
    }

    private @Nullable Event next(boolean orComment) throws IOException {
        long deadlineNanos = System.nanoTime() + NEXT_NANOS_MAX;
        String type = "message";
        String id = lastEventId;
        StringBuilder data = new StringBuilder();
        boolean commented = false;
        for (String line = line(); line != null; line = line()) {
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
            if (line.isEmpty()) {
                lastEventId = id;
                if (!data.isEmpty()) {
                    return new Event(type, lastEventId, data.substring(0, data.length() - 1));
                }
                if (commented && orComment) {
                    return null;
                }
                type = "message";
            } else if (colon == 0) {
                comments++;
                commented = true;
                if (System.nanoTime() - deadlineNanos > 0) {
                    throw new IOException("nothing but comments came for too long");
                }
            } else {
                switch (field) {
                    case "event" -> type = value;
                    case "data" -> data.append(value).append('\n');
                    case "id" -> id = value;
                    case "retry" -> retry = value;
                    default -> throw new IOException("unexpected line: " + line);
                }
            }
        }
        return null;
    }

    private @Nullable String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = bodyByte(); b != '\n'; b = bodyByte()) {
            if (b < 0) {
                return null;
            }
            line.append((char) b);
        }
        return new String(line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private int bodyByte() throws IOException {
        if (ended) {
            return -1;
        }
        if (chunkLeft == 0) {
            String size = rawLine();
            chunkLeft = Long.parseLong(size.isEmpty() ? rawLine() : size, 16);
            if (chunkLeft == 0) {
                ended = true;
                return -1;
            }
        }
        chunkLeft--;
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the connection was cut");
        }
        return b;
    }

    private String rawLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("the connection was cut");
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** Whether the stream has ended in order rather than by a cut connection. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
