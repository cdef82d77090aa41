package io.pacioli.ledger.core;

/** What a shard decides about, with the time and the place it came from as data. */
public sealed interface Input {
    /** Where it came from, such as {@code ledger.commands-3@991}. */
    String cause();

    /** The time of its record, milliseconds since 1970-01-01 UTC. Entries never go back behind the one before. */
    long atMillis();

    /** A client's command. */
    record CommandInput(Command command, Fingerprint fingerprint, String cause, long atMillis) implements Input {}

    /** A message from another shard. */
    record TransitInput(Transit transit, String cause, long atMillis) implements Input {}

    /** The settings that the shard is to run with from now on. */
    record ConfigurationInput(ShardConfiguration configuration, String cause, long atMillis) implements Input {}

    /** Something whose time has come. */
    record DueInput(Due due) implements Input {
        private static final String CAUSE_PREFIX = "due@";

        @Override
        public String cause() {
            return CAUSE_PREFIX + due.atMillis();
        }

        @Override
        public long atMillis() {
            return due.atMillis();
        }
    }
}
