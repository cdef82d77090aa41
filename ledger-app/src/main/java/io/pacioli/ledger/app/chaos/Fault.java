package io.pacioli.ledger.app.chaos;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Something bad that happens to the system.
 *
 * @param number from 1 on, in the order in which they are due
 * @param due when, from the beginning of the load
 * @param kind what
 * @param victims to which processes
 * @param outage how long before it is put right: until the process is started again, goes on, is connected again or has room
 */
record Fault(int number, Duration due, Kind kind, List<Victim> victims, Duration outage) {
    /** A process of the system. */
    record Victim(Role role, int number) {
        /** Its name, such as {@code broker-2}; the only one of its role has no number. */
        String name() {
            return role.count() == 1 ? role.title() : role.title() + "-" + number;
        }

        /** All processes of the system. */
        static List<Victim> all() {
            return Stream.of(Role.values()).flatMap(role -> all(role).stream()).toList();
        }

        /** All processes of a role. */
        static List<Victim> all(Role role) {
            return IntStream.rangeClosed(1, role.count)
                    .mapToObj(number -> new Victim(role, number))
                    .toList();
        }
    }

    /** What a process does in the system. */
    enum Role {
        BROKER("broker", 3),
        PROCESSOR("processor", 2),
        BALANCES("projection-redis", 2),
        HISTORY("projection-postgres", 2),
        GATEWAY("gateway", 1),
        REDIS("redis", 1),
        POSTGRES("postgres", 1);

        private final String title;
        private final int count;

        Role(String title, int count) {
            this.title = title;
            this.count = count;
        }

        String title() {
            return title;
        }

        /** How many there are. */
        int count() {
            return count;
        }

        /** Whether it is the ledger's own. */
        boolean isService() {
            return switch (this) {
                case PROCESSOR, BALANCES, HISTORY, GATEWAY -> true;
                case BROKER, REDIS, POSTGRES -> false;
            };
        }
    }

    /** What happens. */
    enum Kind {
        /** {@code kill -9}, started again after the outage. */
        KILL("kill -9"),
        /** {@code SIGSTOP}, and {@code SIGCONT} after the outage. */
        PAUSE("stop and continue"),
        /** {@code SIGTERM}, started again after the outage. */
        RESTART("restart"),
        /** A broker and a processor are killed at once. */
        KILL_PAIR("kill -9 both"),
        /** Redis loses all that it has, and is killed. */
        WIPE("lose all memory"),
        /** PostgreSQL is shut down at once when a projector has written part of a batch. */
        CRASH("immediate shutdown amid a batch"),
        /** The disk of PostgreSQL is full during the outage. */
        FILL_DISK("full disk"),
        /** A process can be reached by nobody during the outage, and reaches nobody. */
        CUT_OFF("network partition");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }

        /** Whether its victims end by it. PostgreSQL may shut itself down when it cannot write. */
        boolean endsVictims() {
            return switch (this) {
                case KILL, KILL_PAIR, RESTART, WIPE, CRASH, FILL_DISK -> true;
                case PAUSE, CUT_OFF -> false;
            };
        }
    }

    /** Copies the list. */
    Fault {
        victims = List.copyOf(victims);
    }

    /** Whether a broker is away meanwhile: no other one may be then. */
    boolean concernsBroker() {
        return victims.stream().anyMatch(victim -> victim.role() == Role.BROKER);
    }

    /** What and to whom. */
    String what() {
        return kind.title() + " " + victims.stream().map(Victim::name).collect(Collectors.joining(" + "));
    }
}
