package io.pacioli.ledger.core;

/** What became of a command: the same answer however often it is sent. */
public sealed interface Outcome {
    /** The command. */
    String commandId();

    /** The last journal entry that the decision wrote. A projection that has it shows the command's effects on that shard. */
    Position position();

    /** When it was decided, milliseconds since 1970-01-01 UTC. */
    long atMillis();

    /**
     * The command took effect.
     *
     * @param type the type of the event
     */
    record Accepted(String commandId, Position position, long atMillis, String type) implements Outcome {}

    /** The command broke a rule and changed nothing. */
    record Refused(String commandId, Position position, long atMillis, Rejected rejected) implements Outcome {}

    /**
     * The command is well and waits: for its time, or for other shards to agree. Its outcome will be one of the others.
     *
     * @param type the type of the event
     */
    record Pending(String commandId, Position position, long atMillis, String type) implements Outcome {}
}
