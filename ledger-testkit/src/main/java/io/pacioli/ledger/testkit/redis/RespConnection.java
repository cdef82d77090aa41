package io.pacioli.ledger.testkit.redis;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/** A connection to a server, in Redis' own protocol, RESP 2. Not thread safe. */
public final class RespConnection implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /**
     * Connects.
     *
     * @param host a literal address
     * @throws IOException when nobody listens at that port
     */
    public RespConnection(String host, int port) throws IOException {
        socket.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        in = new DataInputStream(socket.getInputStream());
    }

    /**
     * Sends a command and waits for its answer.
     *
     * @return the answer as text; the elements of an array one a line, and nothing for a value that is absent
     * @throws IOException when there is none within ten seconds, or an error
     */
    public String call(String... command) throws IOException {
        StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
        for (String part : command) {
            request.append('$')
                    .append(part.getBytes(StandardCharsets.UTF_8).length)
                    .append("\r\n")
                    .append(part)
                    .append("\r\n");
        }
        socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
        return answer();
    }

    private String answer() throws IOException {
        String head = line();
        String rest = head.substring(1);
        return switch (head.charAt(0)) {
            case '+', ':' -> rest;
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> {
                StringJoiner elements = new StringJoiner("\n");
                for (int left = Integer.parseInt(rest); left > 0; left--) {
                    elements.add(answer());
                }
                yield elements.toString();
            }
            default -> throw new IOException(head);
        };
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "";
        }
        byte[] value = new byte[length];
        in.readFully(value);
        line();
        return new String(value, StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server has closed the connection");
            }
            line.append((char) next);
        }
        return line.substring(0, Math.max(0, line.length() - 1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
