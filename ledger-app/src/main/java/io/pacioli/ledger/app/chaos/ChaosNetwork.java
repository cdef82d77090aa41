package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.app.chaos.Fault.Victim;
import io.pacioli.ledger.embedded.Place;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A network of processes: each in a network namespace of its own, joined by a switch in another one, which this process is connected to
 * too. One is cut off by pulling its plug out of the switch, so that packets are lost without a word. Needs root.
 */
final class ChaosNetwork implements AutoCloseable {
    private static final Path NAMESPACES = Path.of("/run/netns");

    /** Addresses that are set apart for tests of networks (RFC 2544). */
    private static final String NETWORK = "198.18.";

    private static final int SUBNETS = 250;
    private static final int FIRST_ADDRESS = 10;

    private final String name;
    private final String hub;
    private final String plug;
    private final String subnet;
    private final List<Victim> victims;

    private ChaosNetwork(long pid, List<Victim> victims) {
        name = Leftover.name("");
        hub = name + "switch";
        plug = "ldg" + pid % 10_000_000;
        subnet = NETWORK + (1 + pid % SUBNETS) + ".";
        this.victims = List.copyOf(victims);
    }

    /** @throws CommandFailure when this machine does not let us; the message says why */
    static ChaosNetwork create(List<Victim> victims) {
        deleteStale();
        ChaosNetwork network = new ChaosNetwork(ProcessHandle.current().pid(), victims);
        try {
            network.create();
            return network;
        } catch (CommandFailure e) {
            network.close();
            throw e;
        }
    }

    /** Deletes what runs left behind that were killed outright. */
    private static void deleteStale() {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(NAMESPACES)) {
            for (Path namespace : found) {
                if (Leftover.is(namespace)) {
                    Shell.attempt("ip netns del " + namespace.getFileName());
                }
            }
        } catch (IOException e) {
            // There is no such directory before the first namespace is made.
        }
    }

    private void create() {
        Shell.run("ip netns add " + hub);
        Shell.run("ip -n " + hub + " link add switch type bridge");
        Shell.run("ip -n " + hub + " link set switch up");
        Shell.run("ip link add " + plug + " type veth peer name host netns " + hub);
        Shell.run("ip addr add " + subnet + "1/24 dev " + plug);
        Shell.run("ip link set " + plug + " up");
        Shell.run("ip -n " + hub + " link set host master switch up");
        for (Victim victim : victims) {
            String namespace = namespace(victim);
            Shell.run("ip netns add " + namespace);
            Shell.run("ip -n " + hub + " link add " + port(victim) + " type veth peer name eth0 netns " + namespace);
            Shell.run("ip -n " + namespace + " addr add " + address(victim) + "/24 dev eth0");
            Shell.run("ip -n " + namespace + " link set eth0 up");
            Shell.run("ip -n " + namespace + " link set lo up");
            join(victim);
        }
    }

    /** Where a process runs. */
    Place place(Victim victim) {
        return new Place(address(victim), List.of("ip", "netns", "exec", namespace(victim)));
    }

    /** Nobody reaches it from now on, and it reaches nobody. */
    void cut(Victim victim) {
        Shell.run("ip -n " + hub + " link set " + port(victim) + " nomaster");
    }

    /** Ends what {@link #cut} began. */
    void join(Victim victim) {
        Shell.run("ip -n " + hub + " link set " + port(victim) + " master switch up");
    }

    private String namespace(Victim victim) {
        return name + victim.name();
    }

    private String port(Victim victim) {
        return "port" + victims.indexOf(victim);
    }

    private String address(Victim victim) {
        return subnet + (FIRST_ADDRESS + victims.indexOf(victim));
    }

    /** What is in a namespace goes with it. */
    @Override
    public void close() {
        Shell.attempt("ip link del " + plug);
        victims.forEach(victim -> Shell.attempt("ip netns del " + namespace(victim)));
        Shell.attempt("ip netns del " + hub);
    }
}
