package io.pacioli.ledger.app.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pacioli.ledger.app.client.EventReader.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that says what it is told to, one answer a connection, and closes only those connections that it is told to. */
@Timeout(60)
final class EventSourceTest {
    private static final String STREAM = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    private static final String CHUNKED = STREAM + "Transfer-Encoding: chunked\r\n\r\n";
    private static final String FAILED = "HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final List<String> lastIds = new CopyOnWriteArrayList<>();
    private final List<Event> heard = new ArrayList<>();

    EventSourceTest() throws IOException {}

    /** @param answers those that end in "CUT" are cut off there */
    private void serve(String... answers) {
        Thread.ofVirtual().start(() -> {
            try {
                for (String answer : answers) {
                    Socket connection = server.accept();
                    connections.add(connection);
                    lastIds.add(lastId(connection));
                    boolean cut = answer.endsWith("CUT");
                    String text = cut ? answer.substring(0, answer.length() - 3) : answer;
                    connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
                    if (cut) {
                        connection.close();
                    }
                }
            } catch (SocketException e) {
                assertThat(server.isClosed()).isTrue();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String lastId(Socket connection) throws IOException {
        BufferedReader request =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        String id = "";
        for (String line = request.readLine(); !line.isEmpty(); line = request.readLine()) {
            id = line.startsWith("Last-Event-ID: ") ? line.substring("Last-Event-ID: ".length()) : id;
        }
        return id;
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        for (Socket connection : connections) {
            connection.close();
        }
    }

    @Test
    void comesBackWhateverCutsItOff() {
        serve(
                // Nothing more comes, and nobody closes the connection.
                STREAM + "\r\nretry: 10\ndata: 1\nid: 0:1\n\ndata: 2\nid: 0:2\n",
                FAILED,
                CHUNKED + "13\r\ndata: 2\nid: 0:2\n\n\n\r\nffCUT",
                STREAM + "\r\ndata: 3\nid: 0:3\n\n");
        try (EventSource source = new EventSource(List.of(address()), Duration.ofMillis(300))) {
            source.follow("/stream", event -> {
                heard.add(event);
                return heard.size() < 3;
            });
        }
        assertThat(heard).extracting(Event::data).containsExactly("1", "2", "3");
        assertThat(lastIds).containsExactly("", "0:1", "0:1", "0:2");
    }

    @Test
    void whatFailsAtTheBeginningIsTold() {
        serve(FAILED);
        try (EventSource source = new EventSource(List.of(address()))) {
            assertThatThrownBy(() -> source.follow("/stream", heard::add))
                    .isInstanceOf(ApiFailure.class)
                    .hasMessageContaining("502");
        }
    }

    @Test
    void goesPastAnAddressWhereNobodyListens() throws IOException {
        URI nowhere;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nowhere = URI.create("http://127.0.0.1:" + closed.getLocalPort());
        }
        serve(STREAM + "\r\ndata: 1\nid: 0:1\n\n");
        try (EventSource source = new EventSource(List.of(nowhere, address()))) {
            source.follow("/stream", event -> {
                heard.add(event);
                return false;
            });
        }
        assertThat(heard).hasSize(1);
    }
}
