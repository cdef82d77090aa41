package io.pacioli.ledger.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Ports on the loopback interface. */
public final class LoopbackPort {
    private LoopbackPort() {}

    /** The port asked for, or a free one when it is 0. Another process may take it before it is used. */
    static int choose(String server, int port) {
        return port == 0 ? free() : requireFree(server, port);
    }

    /** A port that nobody listens on. Another process may take it before it is used. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(EmbeddedServer.HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EmbeddedStartException("no free port on " + EmbeddedServer.HOST + ": " + e.getMessage(), e);
        }
    }

    private static int requireFree(String server, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(EmbeddedServer.HOST), port), 1);
            return port;
        } catch (IOException e) {
            throw new EmbeddedStartException(
                    "port " + port + " on " + EmbeddedServer.HOST + " is taken, " + server + " cannot listen there", e);
        }
    }
}
