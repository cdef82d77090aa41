package io.pacioli.ledger.app.chaos;

import io.pacioli.ledger.app.CommandFailure;
import io.pacioli.ledger.embedded.KafkaQuorum;
import io.pacioli.ledger.embedded.KafkaQuorum.Member;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A network of brokers: each in a network namespace of its own, joined by a switch in another one, which this process is connected to
 * too. A broker is cut off by pulling its plug out of the switch, so that packets are lost without a word. Needs root.
 */
final class ChaosNetwork implements AutoCloseable {
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final String NAME = "ledger-chaos-";
    private static final Pattern PID = Pattern.compile("^" + NAME + "(\\d{1,10})-");
    private static final int PORT = 9092;
    private static final int CONTROLLER_PORT = 9093;

    /** Addresses that are set apart for tests of networks (RFC 2544). */
    private static final String NETWORK = "198.18.";

    private static final int SUBNETS = 250;
    private static final int FIRST_ADDRESS = 10;

    private final String name;
    private final String hub;
    private final String plug;
    private final String subnet;
    private final int brokers;

    private ChaosNetwork(long pid, int brokers) {
        name = NAME + pid + "-";
        hub = name + "switch";
        plug = "ldg" + pid % 10_000_000;
        subnet = NETWORK + (1 + pid % SUBNETS) + ".";
        this.brokers = brokers;
    }

    /** @throws CommandFailure when this machine does not let us; the message says why */
    static ChaosNetwork create(int brokers) {
        deleteStale();
        ChaosNetwork network = new ChaosNetwork(ProcessHandle.current().pid(), brokers);
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
        try (DirectoryStream<Path> found = Files.newDirectoryStream(NAMESPACES, NAME + "*")) {
            for (Path namespace : found) {
                String name = namespace.getFileName().toString();
                Matcher pid = PID.matcher(name);
                if (pid.find() && ProcessHandle.of(Long.parseLong(pid.group(1))).isEmpty()) {
                    quietly("ip netns del " + name);
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
        for (int broker = 1; broker <= brokers; broker++) {
            String namespace = namespace(broker);
            Shell.run("ip netns add " + namespace);
            Shell.run("ip -n " + hub + " link add " + port(broker) + " type veth peer name eth0 netns " + namespace);
            Shell.run("ip -n " + namespace + " addr add " + address(broker) + "/24 dev eth0");
            Shell.run("ip -n " + namespace + " link set eth0 up");
            Shell.run("ip -n " + namespace + " link set lo up");
            join(broker);
        }
    }

    /** The brokers, each where its namespace is. */
    KafkaQuorum quorum() {
        return new KafkaQuorum(IntStream.rangeClosed(1, brokers)
                .mapToObj(broker -> new Member(
                        broker,
                        address(broker),
                        PORT,
                        CONTROLLER_PORT,
                        List.of("ip", "netns", "exec", namespace(broker))))
                .toList());
    }

    /** Nobody reaches the broker from now on, and it reaches nobody. */
    void cut(int broker) {
        Shell.run("ip -n " + hub + " link set " + port(broker) + " nomaster");
    }

    /** Ends what {@link #cut} began. */
    void join(int broker) {
        Shell.run("ip -n " + hub + " link set " + port(broker) + " master switch up");
    }

    private String namespace(int broker) {
        return name + broker;
    }

    private static String port(int broker) {
        return "port" + broker;
    }

    private String address(int broker) {
        return subnet + (FIRST_ADDRESS + broker);
    }

    /** What is in a namespace goes with it. */
    @Override
    public void close() {
        quietly("ip link del " + plug);
        IntStream.rangeClosed(1, brokers).forEach(broker -> quietly("ip netns del " + namespace(broker)));
        quietly("ip netns del " + hub);
    }

    private static void quietly(String command) {
        try {
            Shell.run(command);
        } catch (CommandFailure e) {
            // It was never made, or is gone.
        }
    }
}
