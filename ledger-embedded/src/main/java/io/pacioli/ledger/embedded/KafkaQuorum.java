package io.pacioli.ledger.embedded;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Kafka brokers that are one cluster, each of them one of its controllers too. With three, one may be lost at a time.
 *
 * @param members three or more, an odd number
 */
public record KafkaQuorum(List<Member> members) {
    private static final int MEMBERS_MIN = 3;

    /**
     * One broker.
     *
     * @param id 1 or more, its own in the cluster
     * @param port for clients and for the other brokers
     * @param controllerPort for what controllers tell each other
     * @param place where it runs
     */
    public record Member(int id, int port, int controllerPort, Place place) {
        /** One with ports that are free on this machine. Another process may take them before they are used. */
        public static Member in(Place place, int id) {
            return new Member(id, LoopbackPort.free(), LoopbackPort.free(), place);
        }

        String host() {
            return place.host();
        }

        /** The address for clients, {@code host:port}. */
        public String address() {
            return host() + ":" + port;
        }

        private String voter() {
            return id + "@" + host() + ":" + controllerPort;
        }
    }

    /** @throws IllegalArgumentException when there are fewer than three members, or an even number, or two with one id */
    public KafkaQuorum {
        long ids = members.stream().mapToInt(Member::id).distinct().count();
        if (members.size() < MEMBERS_MIN || members.size() % 2 == 0 || ids != members.size()) {
            throw new IllegalArgumentException("must be 3 or more, an odd number, each with its own id: " + members);
        }
        members = List.copyOf(members);
    }

    /** The addresses for clients, with commas between. */
    public String bootstrapServers() {
        return members.stream().map(Member::address).collect(Collectors.joining(","));
    }

    /** The members as {@code controller.quorum.voters} lists them. */
    String voters() {
        return members.stream().map(Member::voter).collect(Collectors.joining(","));
    }
}
