package io.pacioli.ledger.embedded;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a server runs: in the network of this machine, or in another one that this machine reaches.
 *
 * @param host the address that it listens on and that others reach it by
 * @param launcher the words that go before its command, such as those that enter a network namespace; empty for none
 */
public record Place(String host, List<String> launcher) {
    /** This machine, for itself only. */
    public static final Place LOCAL = new Place(EmbeddedServer.HOST, List.of());

    /** Copies the list. */
    public Place {
        launcher = List.copyOf(launcher);
    }

    /** The command that runs there. */
    List<String> command(List<String> command) {
        List<String> whole = new ArrayList<>(launcher);
        whole.addAll(command);
        return List.copyOf(whole);
    }

    /** The port asked for, or a free one when it is 0; whether one of another network is free is for the server to find out. */
    int choosePort(String server, int port) {
        return port != 0 && !isLocal() ? port : LoopbackPort.choose(server, port);
    }

    boolean isLocal() {
        return host.equals(LOCAL.host);
    }
}
