package io.pacioli.ledger.projection.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** One address that leads to a server, and later to another one; connections that have been made stay where they are. */
final class Forwarder implements AutoCloseable {
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();

    private final ServerSocket server = new ServerSocket(0, 50, HOST);
    private volatile int target;

    Forwarder(int target) throws IOException {
        this.target = target;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Where connections go that are made from now on. */
    void leadTo(int port) {
        target = port;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket behind = new Socket(HOST, target);
                Thread.ofVirtual().start(() -> copy(client, behind));
                Thread.ofVirtual().start(() -> copy(behind, client));
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has closed, and with this the other one is closed too.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
